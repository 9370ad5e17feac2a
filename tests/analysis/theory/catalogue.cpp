#include "analysis/theory/catalogue.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "engine/error.hpp"

using namespace mattis::theory;
using mattis::InputError;

namespace {

Prediction predict(const char* name, const Arguments& arguments, const char* level = "rs") {
  return find_quantity("hopfield", name).evaluate(level, arguments);
}

std::optional<double> result(const Prediction& prediction, const std::string& name) {
  for (const auto& [key, value] : prediction.results)
    if (key == name) return value;
  throw std::out_of_range(name);
}

}  // namespace

TEST_CASE("every row is complete and unique") {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& row : catalogue()) {
    CHECK(seen.emplace(row.model, row.name).second);
    CHECK_FALSE(row.definition.empty());
    CHECK_FALSE(row.results.empty());
    CHECK_FALSE(row.levels.empty());
    for (const auto& parameter : row.parameters) {
      CHECK_FALSE(parameter.definition.empty());
      CHECK(parameter.is_label == !parameter.labels.empty());
    }
  }
  for (const char* name : {"state", "capacity", "T_M", "T_c", "T_R", "T_g"})
    CHECK_NOTHROW(find_quantity("hopfield", name));
  for (const char* name : {"state", "capacity", "T_M", "T_c", "T_R", "T_s", "one_step_error"})
    CHECK_NOTHROW(find_quantity("dense", name));
  for (const char* name : {"state", "T_d", "T_s", "T_G"}) CHECK_NOTHROW(find_quantity("pspin", name));
}

TEST_CASE("the Hopfield rows give the anchors") {
  CHECK(result(predict("state", {{"alpha", 0.05}, {"T", 0.4}}), "m") == Approx(0.96619).margin(5e-6));
  CHECK(result(predict("state", {{"alpha", 0.1}, {"T", 0.0}, {"phase", "spin_glass"}}), "C").has_value());
  CHECK(result(predict("capacity", {{"T", 0.0}}), "alpha_c") == Approx(0.137906).margin(5e-7));
  CHECK(result(predict("T_M", {{"alpha", 0.05}}), "T") == Approx(0.54226).margin(5.1e-6));
  CHECK(result(predict("T_g", {{"alpha", 0.25}}), "T") == Approx(1.5));
}

TEST_CASE("where there is no state every result is absent and the answer converged") {
  const auto none = predict("state", {{"alpha", 0.2}, {"T", 0.1}});
  CHECK(none.converged);
  for (const auto& [name, value] : none.results) CHECK_FALSE(value.has_value());
  CHECK_FALSE(result(predict("state", {{"alpha", 0.1}, {"T", 0.0}}), "replicon").has_value());
}

TEST_CASE("results come under the names the row announces") {
  for (const auto& row : catalogue()) {
    Arguments arguments;
    for (const auto& parameter : row.parameters)
      if (!parameter.is_label &&
          parameter.name != "gamma")  // a load, a temperature, a field; or a number of things
        arguments[parameter.name] = parameter.name == "p" ? 3 : parameter.name == "N" ? 1000 : 0.05;
    const auto prediction = row.evaluate("rs", arguments);
    REQUIRE(prediction.results.size() >= row.results.size());
    for (std::size_t k = 0; k < row.results.size(); ++k) CHECK(prediction.results[k].first == row.results[k]);
    CHECK_FALSE(prediction.source.empty());
  }
}

TEST_CASE("wrong input is named") {
  using Catch::Contains;
  CHECK_THROWS_WITH(predict("state", {{"alpha", -0.1}, {"T", 0.1}}), Contains("alpha"));
  CHECK_THROWS_WITH(predict("state", {{"alpha", 0.1}, {"T", -0.1}}), Contains("T = -0.1"));
  CHECK_THROWS_WITH(predict("state", {{"alpha", 0.1}, {"T", std::nan("")}}), Contains("T"));
  CHECK_THROWS_WITH(predict("state", {{"alpha", HUGE_VAL}, {"T", 0.1}}), Contains("alpha"));
  CHECK_THROWS_WITH(predict("state", {{"alpha", 0.1}}), Contains("T is missing"));
  CHECK_THROWS_WITH(predict("state", {{"alpha", 0.1}, {"T", 0.1}, {"phase", "retreival"}}),
                    Contains("\"retrieval\""));
  CHECK_THROWS_WITH(predict("state", {{"alpha", "high"}, {"T", 0.1}}), Contains("alpha must be a number"));
  CHECK_THROWS_WITH(predict("state", {{"alhpa", 0.1}, {"T", 0.1}}), Contains("did you mean \"alpha\""));
  CHECK_THROWS_WITH(predict("T_M", {{"alpha", 0.05}}, "2rsb"), Contains("2rsb"));
  CHECK_THROWS_WITH(find_quantity("hopfeild", "state"), Contains("did you mean \"hopfield\""));
  CHECK_THROWS_AS(find_quantity("hopfield", "T_X"), InputError);
}

TEST_CASE("the dense memory by alpha or gamma, and p = 2 is sent to the pairwise models") {
  using Catch::Contains;
  const auto dense = [](const char* name, const Arguments& arguments, const char* level = "rs") {
    return find_quantity("dense", name).evaluate(level, arguments);
  };
  const auto by_gamma = dense("state", {{"p", 4.0}, {"gamma", 0.3}, {"T", 0.3}});
  CHECK(result(by_gamma, "u") == Approx(-0.5).epsilon(1e-12));
  const auto by_alpha = dense("state", {{"p", 4.0}, {"alpha", 0.025}, {"T", 0.3}});
  CHECK(*result(by_gamma, "m") == Approx(*result(by_alpha, "m")).epsilon(1e-12));
  const auto ground = dense("state", {{"p", 3.0}, {"alpha", 0.1}, {"T", 0.0}, {"form", "distinct"}}, "1rsb");
  CHECK(result(ground, "q1") == 1.0);
  CHECK(result(ground, "w").has_value());
  CHECK(result(ground, "f") == result(ground, "u"));
  CHECK(result(dense("capacity", {{"p", 4.0}, {"T", 0.0}}), "gamma_c") ==
        Approx(12 * 0.032977).epsilon(1e-4));
  CHECK_THROWS_WITH(dense("state", {{"p", 4.0}, {"T", 0.3}}), Contains("alpha is missing"));
  CHECK_THROWS_WITH(dense("state", {{"p", 4.0}, {"alpha", 0.1}, {"gamma", 0.1}, {"T", 0.3}}),
                    Contains("one load"));
  CHECK_THROWS_WITH(dense("capacity", {{"p", 2.0}, {"T", 0.3}}), Contains("pairwise"));
  CHECK_THROWS_WITH(dense("one_step_error", {{"p", 3.0}, {"N", 10.5}, {"K", 6.6}}),
                    Contains("N = 10.5 is no whole number"));
  CHECK_THROWS_WITH(dense("capacity", {{"p", 3.5}, {"T", 0.3}}), Contains("3.5"));
  CHECK_THROWS_WITH(find_quantity("pspin", "T_d").evaluate("rs", {{"p", 2.0}}), Contains("pairwise"));
  for (const char* level : {"rs", "1rsb"})
    for (const double t : {0.0, 1e-300, 0.3}) {
      const auto free = dense("state", {{"p", 3.0}, {"alpha", 0.0}, {"T", t}}, level);
      CHECK(free.converged);
      CHECK(*result(free, "m") == Approx(1).margin(1e-3));
      CHECK(dense("state", {{"p", 3.0}, {"alpha", 1e-300}, {"T", t}, {"form", "power"}}, level).converged);
    }
  CHECK_FALSE(result(dense("capacity", {{"p", 3.0}, {"T", 0.8}}, "1rsb"), "alpha_thermo").has_value());
  const auto hot = dense("state", {{"p", 3.0}, {"alpha", 0.1}, {"T", HUGE_VAL}, {"phase", "paramagnet"}});
  CHECK(hot.converged);
  CHECK_FALSE(result(hot, "f").has_value());
}

TEST_CASE("T = inf: the paramagnet, whose f is no number; alpha = inf is refused") {
  const auto hot = predict("state", {{"alpha", 0.1}, {"T", HUGE_VAL}, {"phase", "paramagnet"}});
  CHECK(hot.converged);
  CHECK(result(hot, "q") == 0.0);
  CHECK(result(hot, "u") == 0.0);
  CHECK(result(hot, "s") == Approx(std::log(2.0)));
  CHECK_FALSE(result(hot, "f").has_value());
  for (const char* phase : {"retrieval", "spin_glass"})
    for (const char* level : {"rs", "1rsb"}) {
      const auto none = predict("state", {{"alpha", 0.1}, {"T", HUGE_VAL}, {"phase", phase}}, level);
      CHECK(none.converged);
      CHECK_FALSE(result(none, "m").has_value());
    }
  CHECK_FALSE(result(predict("capacity", {{"T", HUGE_VAL}}), "alpha_c").has_value());
  for (const char* level : {"rs", "1rsb", "parisi"}) {
    const auto sk = find_quantity("sk", "state").evaluate(level, {{"T", HUGE_VAL}, {"h", 0.5}});
    CHECK(sk.converged);
    CHECK(result(sk, "m") == 0.0);
    CHECK(result(sk, "u") == 0.0);
    CHECK_FALSE(result(sk, "f").has_value());
  }
  CHECK_FALSE(result(find_quantity("sk", "h_AT").evaluate("rs", {{"T", HUGE_VAL}}), "h").has_value());
  CHECK_THROWS_WITH(predict("state", {{"alpha", 0.1}, {"T", -HUGE_VAL}}), Catch::Contains("T"));
}

TEST_CASE("SK at level parisi gives f, u and q_EA") {
  const auto full = find_quantity("sk", "state").evaluate("parisi", {{"T", 0.5}, {"h", 0.0}});
  CHECK(result(full, "f") == Approx(-0.791178).margin(5e-7));
  CHECK(result(full, "u") == Approx(-0.71146).margin(5e-6));
  CHECK(result(full, "q_EA") == Approx(0.638161).margin(1e-6));
  CHECK(full.converged);
  CHECK(full.residual < 1e-6);
}
