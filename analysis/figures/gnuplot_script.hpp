// The gnuplot script and the data file of a figure, as text.
#pragma once

#include <string>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace mattis::figures {

/// All points of all panels, one row each, in the order of panels and curves:
///
///     panel,curve,x,y,error,style,title
///
/// panel and curve count from 0; error is empty where none is given. Numbers read back to the same bits.
std::string data_of(const std::vector<Figure>& panels);

/// The script that draws them from ./STEM.curves.csv into ./STEM.ending, `ending` being svg, png or pdf
/// unless the variable of that name is set beforehand.
std::string script_of(const std::vector<Figure>& panels, const std::string& stem, const std::string& ending);

}  // namespace mattis::figures
