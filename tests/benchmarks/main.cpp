// mattis_benchmarks: Google Benchmark's own options; after its table, the ratios to naive of the same run.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "benchmarks/races.hpp"

namespace {

/// The console's table, and under it each code's rate over that of naive in the same case.
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  RatioReporter() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const auto rate = run.counters.find("Mprop/s");
      if (run.error_occurred || run.run_type != Run::RT_Iteration || rate == run.counters.end()) continue;
      const std::string name = run.run_name.function_name;
      const std::size_t slash = name.rfind('/');
      rates_.push_back({name.substr(0, slash), name.substr(slash + 1), rate->second});
      if (rates_.back().code == "naive") naive_[rates_.back().place] = rates_.back().rate;
    }
  }

  void Finalize() override {
    ConsoleReporter::Finalize();
    auto& out = GetOutputStream();
    for (const Rate& rate : rates_)
      if (const auto naive = naive_.find(rate.place); naive != naive_.end() && rate.code != "naive")
        out << fmt::format("ratio to naive  {:<44} {:<8} {:.3g}\n", rate.place, rate.code,
                           rate.rate / naive->second);
  }

 private:
  struct Rate {
    std::string place, code;
    double rate;
  };
  std::vector<Rate> rates_;
  std::map<std::string, double> naive_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  mattis::benchmarks::register_races();
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return 0;
}
