"""The same bits, whoever computes them: any number of threads, any order of the lists, --set or an edited file."""
import re
import subprocess
import unittest

from program import SystemTest, main


def provenance(results, name):
    text = subprocess.run(["h5dump", "-a", f"/provenance/{name}", results], capture_output=True, text=True, check=True).stdout
    text = re.search(r'\(0\): "(.*?)"', text, re.S).group(1)
    return re.sub(r"(\\000)+$", "", text)  # h5dump shows the padding


class Threads(SystemTest):
    def test_any_number_gives_the_same_bits(self):
        job = self.job(plan={"replicas": 2})
        for threads in (1, 2, 3):
            self.mattis("run", job, "-o", threads, "-j", threads)
            self.assertEqual(provenance(self.here / str(threads) / "results.h5", "threads"), str(threads))
            per_thread = [int(n) for n in provenance(self.here / str(threads) / "results.h5", "tasks_per_thread").split()]
            self.assertEqual(len(per_thread), threads)
            self.assertEqual(sum(per_thread), 2 * 2 * 3)  # N, alpha, samples; temperatures and starts share a task
        for verb in (["export"], ["export", "--samples"], ["compare", "--format", "json"]):
            one, two, three = (self.mattis(*verb, threads).stdout for threads in (1, 2, 3))
            self.assertEqual(one, two)
            self.assertEqual(one, three)


class Order(SystemTest):
    def test_the_order_of_a_grid_changes_no_number(self):
        self.mattis("run", self.job("up.toml"), "-j", 2)
        self.mattis("run", self.job("down.toml", grid={"N": "[60, 40]", "alpha": "[0.1, 0.05]", "T": "[0.4, 0.0]"},
                                    start={"kind": '["random", "cued"]'}), "-j", 2)
        self.assertEqual(sorted(self.samples("up").splitlines()), sorted(self.samples("down").splitlines()))

    def test_a_load_counts_as_its_patterns(self):
        self.mattis("run", self.job("alpha.toml", grid={"N": 40}), "-j", 1)
        self.mattis("run", self.job("p.toml", grid={"N": 40, "alpha": None, "P": "[2, 4]"}), "-j", 1)
        values = lambda directory: [row.split(",")[2:] for row in self.samples(directory).splitlines()[1:]]
        self.assertEqual(values("alpha"), values("p"))


class Overrides(SystemTest):
    def test_set_is_an_edited_file(self):
        self.mattis("run", self.job("edited.toml", plan={"sweeps": 30, "samples": 2}, grid={"T": "[0.0, 0.2]"}))
        self.mattis("run", self.job("set.toml"), "--set", "plan.sweeps=30", "--set", "plan.samples=2", "--set", "grid.T=[0.0, 0.2]")
        self.assertEqual(self.samples("edited"), self.samples("set"))
        self.mattis("run", self.job("bare.toml"), "--set", "dynamics.order=random")  # text needs no quotes
        self.mattis("run", self.job("quoted.toml", dynamics={"order": '"random"'}))
        self.assertEqual(self.samples("bare"), self.samples("quoted"))
        self.assertNotEqual(self.samples("bare"), self.samples("edited"))


if __name__ == "__main__":
    main()
