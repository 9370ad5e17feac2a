#include "analysis/figures/figure.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "analysis/figures/gnuplot_process.hpp"
#include "analysis/figures/gnuplot_script.hpp"
#include "analysis/figures/plain_text.hpp"
#include "engine/error.hpp"

namespace mattis {

namespace {

namespace fs = std::filesystem;

/// svg, png or pdf: how such a file begins, and how it ends when it is whole.
struct Format {
  std::string ending, first_bytes, last_bytes;
};

const Format& format_of(const fs::path& file) {
  static const std::vector<Format> known{{"svg", "<?xml", "</svg>"},
                                         {"png", "\x89PNG\r\n\x1a\n", "IEND\xae\x42\x60\x82"},
                                         {"pdf", "%PDF-", "%%EOF"}};
  for (const auto& format : known)
    if (file.extension() == "." + format.ending) return format;
  throw InputError("do not know this kind of figure", file.string(), "the ending is .svg, .png or .pdf");
}

void check(const std::vector<Figure>& panels, const fs::path& file) {
  if (panels.empty()) throw InputError("there is nothing to draw: no panels", file.string());
  for (std::size_t p = 0; p < panels.size(); ++p)
    for (std::size_t c = 0; c < panels[p].curves.size(); ++c) {
      const auto& curve = panels[p].curves[c];
      if (curve.y.size() != curve.x.size() || (!curve.error.empty() && curve.error.size() != curve.x.size()))
        throw InputError(fmt::format("panel {}, curve {}: {} x, {} y and {} errors", p, c, curve.x.size(),
                                     curve.y.size(), curve.error.size()),
                         file.string(), "the columns of a curve have one length");
    }
  const std::string name = file.filename().string();
  if (figures::plain(name) != name)
    throw InputError("the name of the figure is not plain text", figures::plain(file.string()),
                     "leave out control characters");
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) throw EnvironmentError(file.string(), "write", "the directory is missing, read-only or full");
}

/// gnuplot does not notice a full disk, so the file is looked at.
void verify(const fs::path& file, const Format& format) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto end = bytes.rfind(format.last_bytes);
  constexpr std::size_t slack = 4;  // line ends after the last word
  if (bytes.compare(0, format.first_bytes.size(), format.first_bytes) != 0 || end == std::string::npos ||
      end + format.last_bytes.size() + slack < bytes.size())
    throw EnvironmentError(file.string(), "draw with gnuplot",
                           "the figure is not whole; the disk may be full");
}

}  // namespace

void draw(const std::vector<Figure>& panels, const fs::path& file) {
  const Format& format = format_of(file);
  check(panels, file);
  const fs::path directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string stem = file.stem().string();

  std::error_code failure;
  fs::remove(file, failure);  // what is there afterwards was drawn now
  if (failure) throw EnvironmentError(file.string(), "replace", failure.message());
  write(directory / (stem + ".curves.csv"), figures::data_of(panels));
  write(directory / (stem + ".gp"), figures::script_of(panels, stem, format.ending));
  figures::run_gnuplot(directory, "./" + stem + ".gp");
  verify(file, format);
}

}  // namespace mattis
