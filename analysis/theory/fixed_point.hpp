// Fixed points by mixing the last iterates.
#pragma once

#include <deque>
#include <vector>

namespace mattis::theory {

/// Anderson's mixing for x = x + step(x): the next iterate is the one that makes the step vanish if the step
/// were linear between the last iterates, plus the step that remains. Converges where plain iteration does
/// slowly or not quite, as long as few directions are slow.
///
/// Source  Anderson, J. ACM 12, 547 (1965).
class AndersonMixing {
 public:
  explicit AndersonMixing(std::size_t depth) : depth_{depth} {}

  /// The iterate to try after x, whose step is `step`; no component moves by more than `longest`.
  [[nodiscard]] std::vector<double> next(const std::vector<double>& x, const std::vector<double>& step,
                                         double longest);

 private:
  std::size_t depth_;
  std::deque<std::vector<double>> moves_, changes_;  // of x, of the step; newest first
  std::vector<double> last_x_, last_step_;
};

}  // namespace mattis::theory
