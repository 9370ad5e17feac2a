// mattis plan: what a job would cost, from a short probe.
#include <fmt/format.h>
#include <omp.h>

#include "sweeps/cli/verb.hpp"
#include "sweeps/plan.hpp"
#include "sweeps/progress.hpp"

namespace mattis::cli {

int run_plan(const Verb& verb, const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()("threads,j", po::value<int>()->value_name("THREADS"),
                        "threads to plan for (default: all cores)");
  add_overrides(options);
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  int threads = omp_get_num_procs();
  if (values->count("threads") && (threads = (*values)["threads"].as<int>()) < 1)
    throw InputError(fmt::format("{} threads", threads), "-j", "one or more; leave -j out for all cores");
  const sweeps::Job job = sweeps::read_job(words_of(*values).front(), overrides_of(*values));
  const sweeps::Plan plan = sweeps::make_plan(job, threads);
  print_data(
      fmt::format("points    {}\nsamples   {}\ntasks     {} (a disorder sample with its {} chains at "
                  "most)\nchains    {}\n"
                  "memory    {:.1f} MB with {} threads\ndisk      {:.1f} MB, at most {} files\n"
                  "time      about {} with {} threads (from {} chains, run for {:.2g} s)\n",
                  plan.points, job.samples, plan.tasks, plan.most_chains_per_task, plan.chains,
                  plan.memory_bytes / 1e6, threads, plan.disk_bytes / 1e6, plan.files,
                  sweeps::duration(plan.seconds), threads, plan.probe_chains, plan.probe_seconds));
  warn_of_transient(job);
  return exit_done;
}

}  // namespace mattis::cli
