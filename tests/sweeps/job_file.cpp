// What job files may say, and what each mistake is answered with.
#include <catch2/catch.hpp>
#include <cmath>

#include "support/jobs.hpp"
#include "support/patterns.hpp"
#include "sweeps/point.hpp"

using namespace mattis;
using Catch::Matchers::Contains;
using sweeps::Job;

namespace {

const std::string plain = R"([model]
name = "hopfield"
[grid]
N = 100
P = 5
T = 0.5
)";

/// The message of the InputError a job is refused with, by the parser or by its grid.
std::string refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    sweeps::points(
        tests::job_of(text, std::make_shared<PatternTable>(tests::random_table(4, 12, 0, 1)), overrides));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::vector<double> values(const Job& job, const std::string& name) {
  for (const auto& [key, numbers] : job.grid)
    if (key == name) return numbers;
  return {};
}

std::vector<double> temperatures(const std::string& range) {
  return values(tests::job_of("model.name = \"hopfield\"\ngrid.N = 100\ngrid.P = 5\ngrid.T = " + range), "T");
}

struct Mistake {
  std::string text, message;
};

}  // namespace

TEST_CASE("the shortest job, with its defaults") {
  const Job job = tests::job_of(plain);
  CHECK(job.title == "job");
  CHECK(job.model->name == "hopfield");
  CHECK(values(job, "N") == std::vector<double>{100});
  CHECK(values(job, "P") == std::vector<double>{5});
  CHECK(values(job, "T") == std::vector<double>{0.5});
  CHECK(job.starts == std::vector<sweeps::Start>{sweeps::Start::cued});
  CHECK(job.overlaps == std::vector<double>{1});
  CHECK(job.dynamics.rule == Rule::glauber);
  CHECK(job.dynamics.order == Order::sequential);
  CHECK(job.dynamics.tie == Tie::keep);
  CHECK(job.replicas == 1);
  CHECK(job.every == 1);
  CHECK(job.cut == 0.9);
  CHECK(job.seed == 0);
  CHECK_FALSE(job.stop_at_fixed_point);
}

TEST_CASE("every key arrives") {
  const Job job = tests::job_of(R"(title = "all"
model.name = "hopfield"
patterns = { ensemble = ["file", "rademacher"], file = "own.npy", bias = 0.2 }
grid = { alpha = [0.1, 0.2], T = [0.0, inf] }
start = { kind = ["random", "cued"], overlap = [0.5, 1.0], pattern = 0 }
dynamics = { kind = "metropolis", order = "permutation", tie = "random" }
plan = { burn_in = 3, sweeps = 50, samples = 4, replicas = 2 }
measure = { every = 5, cut = 0.8, condition = "retained", lost_within = [10, 53], patterns = [1], observables = ["retrieved"] }
random.seed = 9223372036854775807
)",
                                std::make_shared<PatternTable>(tests::random_table(4, 12, 0, 1)));
  CHECK(job.title == "all");
  CHECK(job.ensemble_is_axis);
  CHECK(job.ensembles.at(0).table != nullptr);
  CHECK(job.ensembles.at(1).bias == 0.2);
  CHECK(values(job, "N") == std::vector<double>{12});
  CHECK(values(job, "alpha") == std::vector<double>{0.1, 0.2});
  CHECK(std::isinf(values(job, "T").at(1)));
  CHECK(job.starts == std::vector<sweeps::Start>{sweeps::Start::random, sweeps::Start::cued});
  CHECK(job.overlaps == std::vector<double>{0.5, 1});
  CHECK(job.dynamics.rule == Rule::metropolis);
  CHECK(job.dynamics.order == Order::permutation);
  CHECK(job.dynamics.tie == Tie::random);
  CHECK(job.burn_in == 3);
  CHECK(job.sweeps == 50);
  CHECK(job.samples == 4);
  CHECK(job.replicas == 2);
  CHECK(job.every == 5);
  CHECK(job.cut == 0.8);
  CHECK(job.only_retained);
  CHECK(job.lost_within == std::vector<std::int64_t>{10, 53});
  CHECK(job.patterns == std::vector<SiteIndex>{1});
  CHECK(job.observables == std::vector<std::string>{"retrieved", "retrieval_lost"});
  CHECK(job.seed == 9223372036854775807u);
}

TEST_CASE("ranges hold both ends, rounded to twelve digits") {
  CHECK(temperatures("{ from = 0.1, to = 0.5, step = 0.1 }") == std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5});
  CHECK(temperatures("{ from = 0.12, to = 0.16, step = 0.0025 }").size() == 17);
  CHECK(temperatures("{ from = 0.12, to = 0.16, step = 0.0025 }").back() == 0.16);
  CHECK(temperatures("{ from = 0, to = 1, points = 4 }") ==
        std::vector<double>{0, 0.333333333333, 0.666666666667, 1});
  CHECK(temperatures("{ from = 0.001, to = 10, points = 5, scale = \"log\" }") ==
        std::vector<double>{0.001, 0.01, 0.1, 1, 10});
  CHECK(temperatures("{ from = 2, to = 2, points = 1 }") == std::vector<double>{2});
  CHECK(temperatures("{ from = 2, to = 2, step = 1 }") == std::vector<double>{2});
  CHECK(temperatures("{ from = 1, to = 3, step = 1, scale = \"linear\" }") == std::vector<double>{1, 2, 3});
}

TEST_CASE("a mistake is answered with its place, the mistake, and what would be right") {
  const std::vector<Mistake> mistakes{
      // TOML itself
      {"[model\n", "job.toml:1:7: "},
      {"a = 1\na = 2\n", "job.toml:2:"},
      {"title = \"x", "job files are TOML"},
      // the model
      {"", "model.name: is missing; write [model] name = \"hopfield\""},
      {"model.name = \"hopfeld\"",
       "job.toml:1:14: model.name: 'hopfeld' is not known; did you mean 'hopfield'?"},
      {"model.name = 3", "job.toml:1:14: model.name: is no text"},
      {"model = 3", "model: is no table; write [model]"},
      {plain + "[modle]\n", "job.toml:7:2: unknown key 'modle'; did you mean 'model'?"},
      // unknown keys, one in each table
      {"titel = \"x\"\n" + plain, "job.toml:1:1: unknown key 'titel'; did you mean 'title'?"},
      {plain + "[plan]\nsweps = 3", "job.toml:8:1: unknown key 'sweps' in [plan]; did you mean 'sweeps'?"},
      {plain + "beta = 2", "job.toml:7:1: unknown key 'beta' in [grid]"},
      {plain + "[patterns]\nbais = 0.1", "did you mean 'bias'?"},
      {plain + "[start]\nkinds = \"cued\"", "did you mean 'kind'?"},
      {plain + "[dynamics]\nrule = \"glauber\"",
       "dynamics.rule: the rule of kind = \"glauber\" is in its name"},
      {plain + "[dynamics]\nkind = \"nfold\"\nrule = \"metropolis\"\norder = \"random\"",
       "dynamics.order: has no meaning where the next flip is drawn from the rates of all sites"},
      {plain + "[dynamics]\nkind = \"nfold\"\nrule = \"metroplis\"", "did you mean 'metropolis'?"},
      {plain + "[measure]\nobservable = \"retrieved\"", "did you mean 'observables'?"},
      {plain + "[random]\nsed = 1", "did you mean 'seed'?"},
      {plain + "[analysis]\ncapacty = 1", "did you mean 'capacity'?"},
      {plain + "[analysis.capacity]\nlevels = 0.5", "did you mean 'level'?"},
      // the grid
      {"model.name = \"hopfield\"\ngrid = { P = 5, T = 1 }", "grid.N: is missing"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, T = 1 }",
       "grid.P: is missing: hopfield needs it; give P or alpha in [grid]"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1 }", "grid.T: is missing"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, alpha = 0.2, T = 1 }",
       "grid.alpha: is given beside P"},
      {"model.name = \"hopfield\"\n[grid]\nN = -5\nP = 1\nT = 1",
       "job.toml:3:5: grid.N: N = -5 is no number of spins"},
      {"model.name = \"hopfield\"\ngrid = { N = 2.5, P = 1, T = 1 }", "N = 2.5 is no number of spins"},
      {"model.name = \"hopfield\"\ngrid = { N = 1e10, P = 1, T = 1 }", "is no number of spins"},
      {"model.name = \"hopfield\"\ngrid = { N = \"many\", P = 1, T = 1 }", "grid.N: is no number"},
      {"model.name = \"hopfield\"\ngrid = { N = true, P = 1, T = 1 }", "grid.N: is no number"},
      {"model.name = \"hopfield\"\ngrid = { N = [], P = 1, T = 1 }", "grid.N: is an empty list"},
      {"model.name = \"hopfield\"\ngrid = { N = [5, 5], P = 1, T = 1 }", "grid.N: holds a value twice"},
      {"model.name = \"hopfield\"\ngrid = { N = [5, 5.0], P = 1, T = 1 }", "grid.N: holds a value twice"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = -0.1 }", "grid.T: T = -0.1 is no temperature"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = nan }", "grid.T: is nan"},
      {"model.name = \"hopfield\"\n[grid]\nN = 5\nP = 0\nT = 1",
       "job.toml:4:5: grid.P: P = 0 stores no pattern at N = 5"},
      {"model.name = \"hopfield\"\n[grid]\nN = 5\nP = 1.5\nT = 1",
       "job.toml:4:5: grid.P: P = 1.5 is no whole number"},
      {"model.name = \"hopfield\"\n[grid]\nN = 50\nalpha = 0.001\nT = 1",
       "job.toml:4:9: grid.alpha: alpha = 0.001 stores no pattern"},
      // ranges
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, step = 1 } }",
       "grid.T: a range needs 'to'"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 2, to = 1, step = 1 } }",
       "the range from 2 to 1 is empty"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2 } }",
       "needs either 'step' or 'points'"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, step = 1, points = 2 } }",
       "needs either 'step' or 'points'"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, step = 0 } }",
       "the step is positive"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, step = 0.3 } }",
       "the step 0.3 does not lead from 1 to 2; use points = 4, or end at 1.9"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, step = 1e8 } }",
       "does not lead from 1 to 2"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, step = inf } }",
       "does not lead from 1 to 2"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, step = 1e-9 } }",
       "more than a million"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, points = 0 } }",
       "T.points: is 0"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, points = 1 } }",
       "one point cannot be both ends"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 2, to = 2, points = 3 } }",
       "grid.T: holds a value twice"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 0, to = 2, points = 3, scale = "
       "\"log\" } }",
       "a log scale cannot start at 0"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, step = 1, scale = \"log\" "
       "} }",
       "goes with 'points'"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { from = 1, to = 2, points = 2, scale = "
       "\"lgo\" } }",
       "did you mean 'log'?"},
      {"model.name = \"hopfield\"\ngrid = { N = 5, P = 1, T = { form = 1, to = 2, points = 2 } }", "grid.T"},
      // patterns
      {plain + "[patterns]\nbias = 1.5", "job.toml:8:8: patterns.bias: is 1.5; it lies between -1 and 1"},
      {plain + "[patterns]\nensemble = \"gauss\"", "patterns.ensemble: 'gauss' is not known"},
      {plain + "[patterns]\nensemble = \"file\"", "\"file\" needs a file"},
      {plain + "[patterns]\nensemble = \"rademacher\"\nfile = \"a.npy\"",
       "is given, but no ensemble uses it"},
      {plain + "[patterns]\nfile = \"a.npy\"\nbias = 0.1", "belongs to rademacher patterns"},
      {plain + "[patterns]\nfile = \"a.npy\"", "the patterns of a.npy have N = 12 sites; leave N out"},
      {"model.name = \"hopfield\"\npatterns.file = \"a.npy\"\ngrid = { P = 5, T = 1 }",
       "grid.P: asks for 5 patterns; a.npy holds 4"},
      // start
      {plain + "[start]\nkind = \"hot\"", "start.kind: 'hot' is not known"},
      {plain + "[start]\nkind = [\"cued\", \"cued\"]", "start.kind: holds a value twice"},
      {plain + "[start]\nkind = \"random\"\noverlap = 0.5", "belongs to the cued start"},
      {plain + "[start]\noverlap = 1.2", "start.overlap: is 1.2; it lies between -1 and 1"},
      {plain + "[start]\npattern = -1", "start.pattern: is -1; it is at least 0"},
      {plain + "[start]\npattern = 5", "job.toml:8:11: start.pattern: pattern 5 of 5 (counted from 0)"},
      {plain + "[start]\npattern = 5000000000", "start.pattern"},
      // dynamics
      {plain + "[dynamics]\nkind = \"glaubr\"",
       "dynamics.kind: 'glaubr' is not known; did you mean 'glauber'?"},
      {plain + "[dynamics]\norder = \"sequentail\"", "did you mean 'sequential'?"},
      {plain + "[dynamics]\ntie = \"flip\"", "dynamics.tie: 'flip' is not known"},
      // plan
      {plain + "[plan]\nsweeps = 0", "plan.sweeps: is 0; it is at least 1"},
      {plain + "[plan]\nsweeps = 1.5", "plan.sweeps: is no whole number"},
      {plain + "[plan]\nsweeps = \"10\"", "plan.sweeps: is no whole number"},
      {plain + "[plan]\nburn_in = -1", "plan.burn_in: is -1"},
      {plain + "[plan]\nsamples = 0", "plan.samples: is 0"},
      {plain + "[plan]\nreplicas = 0", "plan.replicas: is 0"},
      {plain + "[plan]\nsamples = 3000000000", "plan.samples: is 3000000000; it is at most"},
      {plain + "[plan]\nsweeps = 9000000000000000000\nburn_in = 9000000000000000000", "it is at most"},
      {plain + "[plan]\nstop = \"fixed_point\"",
       "job.toml:8:8: plan.stop: a chain has a fixed point at T = 0 only"},
      {plain + "[plan]\nstop = \"fixedpoint\"", "did you mean 'fixed_point'?"},
      // measure
      {plain + "[measure]\nevery = 0", "measure.every: is 0"},
      {plain + "[measure]\nevery = 2000", "measures nothing in 1000 sweeps"},
      {plain + "[measure]\ncut = 2", "measure.cut: is 2"},
      {plain + "[measure]\nobservables = [\"energy\"]", "measure.observables: 'energy' is not known"},
      {plain + "[measure]\nobservables = [\"retreived\"]", "did you mean 'retrieved'?"},
      {plain + "[measure]\nobservables = [\"retrieved\", \"retrieved\"]", "holds a value twice"},
      {plain + "[measure]\nobservables = [\"replica_overlap\"]",
       "needs two replicas; write [plan] replicas = 2"},
      {plain + "[measure]\nobservables = [\"free_spins\"]", "is counted at T = 0 only"},
      {plain + "[measure]\nobservables = [\"not_converged\"]", "needs [plan] stop"},
      {plain + "[measure]\nobservables = [\"retrieval_lost\"]", "needs times; write lost_within"},
      {plain + "[measure]\nlost_within = 1001", "1001 sweeps are more than the run has (1000)"},
      {plain + "[measure]\nlost_within = [0]", "measure.lost_within: is 0"},
      {plain + "[measure]\ncondition = \"kept\"", "measure.condition: 'kept' is not known"},
      {plain + "[measure]\npatterns = [5]", "measure.patterns: pattern 5 of 5 (counted from 0)"},
      // random, analysis
      {plain + "[random]\nseed = -1", "random.seed: is -1"},
      {plain + "[random]\nseed = 9223372036854775808", "job.toml:8:"},
      {plain + "[analysis.capacity]\nlevel = 2", "capacity.level: is 2"},
      {plain + "[measure]\nobservables = \"binder\"\n[analysis.capacity]\nlevel = 0.5",
       "needs the observable 'retrieved'"},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.text);
    CHECK_THAT(refusal(mistake.text), Contains(mistake.message) && Contains("job.toml"));
  }
}

TEST_CASE("malformed TOML is an input error, whatever the bytes") {
  std::vector<std::string> texts{"[\n2@",
                                 "\xef\xba\xbf/",
                                 "\xff\xfe",
                                 std::string(1, '\0'),
                                 "=",
                                 "]",
                                 "[[",
                                 "[]",
                                 "[a]]",
                                 "'''",
                                 "\"\"\"",
                                 "a = [",
                                 "a = {",
                                 "a = 0x",
                                 "a = 1_",
                                 "a = +",
                                 "a = .5",
                                 "a = 1.e5",
                                 "a = 1e999999999",
                                 "a = 99999999999999999999999999",
                                 "a = -9223372036854775809",
                                 "a = 2026-99-99",
                                 "a = 12:99:99",
                                 "a.b.c = 1\na.b = 2",
                                 "a = \"\\u",
                                 "a = \"\\uD800\"",
                                 "a = '\x01'",
                                 "a = nan1",
                                 "\xef\xbb\xbf"};
  for (const char open : {'[', '{'}) texts.push_back("a = " + std::string(100000, open));
  std::string nested = "a = ", dotted = "a";
  for (int k = 0; k < 20000; ++k) nested += "{ b = ", dotted += ".a";
  texts.push_back(nested);
  texts.push_back(dotted + " = 1");
  texts.push_back("[" + dotted + "]");
  for (const std::string& text : texts) {
    INFO(text.substr(0, 40));
    std::string message;
    CHECK_THROWS_AS(tests::job_of(text), InputError);
  }
}

TEST_CASE("overrides replace, add and create what they name") {
  const auto with = [](const std::vector<std::string>& overrides) {
    return tests::job_of(plain, nullptr, overrides);
  };
  CHECK(with({"plan.sweeps=7"}).sweeps == 7);
  CHECK(with({"grid.T = [0.1, 0.2]"}).grid.back().second == std::vector<double>{0.1, 0.2});
  CHECK(with({"grid.T={ from = 0.1, to = 0.3, step = 0.1 }"}).grid.back().second.size() == 3);
  CHECK(with({"dynamics.kind=metropolis"}).dynamics.rule == Rule::metropolis);
  CHECK(with({"dynamics.kind=nfold"}).dynamics.rule == Rule::glauber);
  CHECK(with({"dynamics.kind=nfold"}).dynamics.updates == Updates::rejection_free);
  CHECK(with({"dynamics.kind=nfold", "dynamics.rule=metropolis"}).dynamics.rule == Rule::metropolis);
  CHECK(with({"dynamics.kind=\"metropolis\""}).dynamics.rule == Rule::metropolis);
  CHECK(with({"title=a b c"}).title == "a b c");
  CHECK(with({"plan.sweeps=7", "plan.sweeps=8"}).sweeps == 8);
  CHECK(values(with({"grid.N=50"}), "P") == std::vector<double>{5});
  const Job job = with({"plan.sweeps=7"});
  CHECK(job.overrides == std::vector<std::string>{"plan.sweeps=7"});
  CHECK(job.place("plan.sweeps") == "--set plan.sweeps=7:1:15");
}

TEST_CASE("a mistaken override is answered with its own text") {
  CHECK_THAT(refusal(plain, {"plan.sweps=3"}),
             Contains("--set plan.sweps=3") && Contains("did you mean 'sweeps'?"));
  CHECK_THAT(refusal(plain, {"plan.sweeps=0"}), Contains("--set plan.sweeps=0") && Contains("at least 1"));
  CHECK_THAT(refusal(plain, {"plan.sweeps"}), Contains("--set plan.sweeps: is no assignment"));
  CHECK_THAT(refusal(plain, {"=3"}), Contains("is no assignment"));
  CHECK_THAT(refusal(plain, {"[\n2@=3"}), Contains("--set"));
  CHECK_THAT(refusal(plain, {"plan.sweeps=[\n2@"}), Contains("--set"));
  CHECK_THAT(refusal(plain, {"grid=3"}), Contains("grid: is no table"));
}

TEST_CASE("an unreadable job file is an input error") {
  CHECK_THROWS_WITH(sweeps::read_job("/nonexistent/job.toml"),
                    Contains("/nonexistent/job.toml: cannot be read"));
  CHECK_THROWS_WITH(sweeps::read_job("/"), Contains("cannot be read"));
}

TEST_CASE("the jobs that come with the program are sound") {
  for (const char* name : {"hopfield-thermal.toml", "digits.toml"}) {
    const Job job = sweeps::read_job(std::string(MATTIS_SOURCE_DIR "/sweeps/jobs/") + name);
    CHECK_FALSE(sweeps::points(job).empty());
  }
}
