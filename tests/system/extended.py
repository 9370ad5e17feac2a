"""Jobs that grow under their results: what is there stays, what is new is computed, what would be another job is refused."""
from program import SystemTest, digest, main, tasks_of

GROWN = {"grid": {"N": "[30, 40]", "T": "[0.0, 0.2, 0.4]"}, "plan": {"samples": 4, "sweeps": 60, "replicas": 2}}


def changed(**more):
    """GROWN with some sections changed."""
    return {section: {**GROWN.get(section, {}), **more.get(section, {})} for section in {*GROWN, *more}}


class Extended(SystemTest):
    def grow(self, before, after, **counts):
        """Runs one job, then another into the same directory: the result is that of the second alone."""
        self.mattis("run", self.job("job.toml", **before), "-j", 2)
        run = tasks_of(self.mattis("run", self.job("job.toml", **after), "-j", 3).stderr)
        for name, count in counts.items():
            self.assertEqual(run[name], count, f"{name} of {run}")
        self.mattis("run", "job.toml", "-o", "fresh", "-j", 1)
        self.assertEqual(self.samples("job"), self.samples("fresh"))

    def test_more_samples(self):
        self.grow(changed(plan={"samples": 3}), GROWN, tasks=16, done_before=12, ran=4, continued=0)

    def test_more_sizes(self):
        self.grow(changed(grid={"N": 40}), GROWN, tasks=16, done_before=8, ran=8, continued=0)

    def test_more_loads(self):
        self.grow(changed(grid={"alpha": 0.1}), GROWN, tasks=16, done_before=8, ran=8, continued=0)

    def test_more_temperatures(self):
        self.grow(changed(grid={"T": "[0.0, 0.4]"}), GROWN, tasks=16, ran=16)

    def test_more_starts(self):
        self.grow(changed(start={"kind": '"cued"'}), GROWN, tasks=16, ran=16)

    def test_more_replicas(self):
        self.grow(changed(plan={"replicas": 1}), GROWN, tasks=16)
        self.grow(GROWN, changed(plan={"replicas": 3}), tasks=16)

    def test_more_replicas_without_their_overlap_keep_the_old_ones(self):
        one = {"measure": {"observables": '["energy_per_spin"]'}}
        self.grow(changed(plan={"replicas": 1}, **one), changed(plan={"replicas": 2}, **one), tasks=16)
        first = [row for row in self.samples("job").splitlines() if row.split(",")[5] == "0"]
        self.mattis("run", self.job("alone.toml", **changed(plan={"replicas": 1}, **one)))
        self.assertEqual(first, self.samples("alone").splitlines()[1:])

    def test_more_sweeps_continue_the_chains(self):
        self.grow(changed(plan={"sweeps": 35}), GROWN, tasks=16, ran=16, continued=16)

    def test_more_sweeps_of_retained_chains(self):
        kept = {"measure": {"condition": '"retained"', "cut": 0.6}, "start": {"kind": '"cued"'}}
        self.grow(changed(plan={"sweeps": 20, "burn_in": 5}, grid={"alpha": "[0.1, 0.3]"}, **kept),
                  changed(plan={"sweeps": 60, "burn_in": 5}, grid={"alpha": "[0.1, 0.3]"}, **kept), tasks=16, continued=16)

    def test_more_sweeps_towards_a_fixed_point(self):
        falling = dict(start={"kind": '"random"'})
        falling_plan = {"stop": '"fixed_point"', "burn_in": 0}
        self.grow(changed(grid={"T": 0.0}, plan={**falling_plan, "sweeps": 2}, **falling),
                  changed(grid={"T": 0.0}, plan={**falling_plan, "sweeps": 50}, **falling), tasks=16)

    def test_everything_at_once(self):
        self.grow(changed(plan={"samples": 2, "sweeps": 20}, grid={"N": 30, "T": 0.4}), GROWN, tasks=16)

    def test_a_finished_run_runs_nothing(self):
        job = self.job(**GROWN)
        self.mattis("run", job)
        samples = self.samples("job")
        again = tasks_of(self.mattis("run", job).stderr)
        self.assertEqual((again["done_before"], again["ran"]), (16, 0))
        self.assertEqual(self.samples("job"), samples)

    def test_fewer_samples_show_fewer_and_lose_none(self):
        self.mattis("run", self.job(**GROWN))
        whole = self.samples("job")
        self.mattis("run", self.job(**changed(plan={"samples": 2})))
        self.assertLess(len(self.samples("job")), len(whole))
        back = tasks_of(self.mattis("run", self.job(**GROWN)).stderr)
        self.assertEqual(back["ran"], 0)
        self.assertEqual(self.samples("job"), whole)


class Refused(SystemTest):
    def test_changed_physics(self):
        self.mattis("run", self.job(**GROWN))
        before = digest(self.here / "job")
        for key, value, there in (
            ("plan.burn_in", "11", "10"),
            ("plan.burn_in", "9", "10"),
            ("plan.sweeps", "59", "60"),
            ("dynamics.kind", "metropolis", "glauber"),
            ("dynamics.order", "random", "sequential"),
            ("dynamics.order", "permutation", "sequential"),
            ("patterns.bias", "0.2", "0"),
            ("measure.cut", "0.8", "0.9"),
            ("measure.every", "2", "1"),
            ("random.seed", "1", "20261123"),
            ("start.pattern", "1", "0"),
        ):
            with self.subTest(key=key, value=value):
                says = self.refused("run", "job.toml", "--set", f"{key}={value}", saying=("job.toml", key, there, value, "-o DIR"))
                self.assertEqual(digest(self.here / "job"), before, says)
        says = self.refused("run", "job.toml", "--set", "start.kind=cued", saying=("start", "random"))
        self.refused("run", "job.toml", "--set", "start.overlap=0.5", saying=("start", "cued 1"))
        self.assertEqual(digest(self.here / "job"), before, says)

    def test_changed_patterns(self):
        rows = ["+-" * 10, "++--" * 5, "+" * 10 + "-" * 10]
        (self.here / "patterns.txt").write_text("\n".join(rows) + "\n")
        self.job(patterns={"file": '"patterns.txt"'}, grid={"N": None, "alpha": None, "P": "[1, 2]"})
        self.mattis("run", "job.toml")
        before = digest(self.here / "job")
        (self.here / "patterns.txt").write_text("\n".join(reversed(rows)) + "\n")
        self.refused("run", "job.toml", saying="patterns.content")
        self.refused("run", self.job("job.toml"), saying="another job")
        self.assertEqual(digest(self.here / "job"), before)


if __name__ == "__main__":
    main()
