"""What fits into 100 MB: N = 10000 spins and P = 1000 patterns; 400 000 patterns of 200 spins. And what fits nowhere is refused."""
import os
import subprocess

from program import PROGRAM, SystemTest, main


class Memory(SystemTest):
    def peak(self, job, threads):
        process = subprocess.Popen([PROGRAM, "run", job, "-j", threads, "-q"], cwd=self.here, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss * 1024

    def test_ten_thousand_spins_and_a_thousand_patterns(self):
        job = self.job(grid={"N": 10000, "alpha": 0.1, "T": 0.2}, start={"kind": '"cued"'},
                       plan={"burn_in": 0, "sweeps": 3, "samples": 2})
        peak = self.peak(job, "2")
        self.assertLess(peak, 100e6)  # of which both samples at once
        print(f"peak {peak / 1e6:.1f} MB with two samples at once")

    def test_no_kernel_takes_more_unasked(self):
        """Cold chains that run long: rows of couplings pay, and all of them would take 100 MB for each sample."""
        job = self.job(grid={"N": 10000, "alpha": 0.1, "T": 0.15}, start={"kind": '"cued"'},
                       plan={"burn_in": 0, "sweeps": 20000, "samples": 2})
        self.assertLess(self.peak(job, "2"), 100e6)

    def test_four_hundred_thousand_patterns_of_two_hundred_spins(self):
        job = self.job(model={"name": '"dense"'}, grid={"N": 200, "alpha": None, "K": 400000, "p": 4, "T": 0.5},
                       start={"kind": '"cued"'}, plan={"burn_in": 0, "sweeps": 2, "samples": 1})
        self.assertLess(self.peak(job, "1"), 100e6)

    def test_what_fits_nowhere_is_refused_with_its_bytes(self):
        for grid in ({"N": 4000, "alpha": None, "K": 2000000000, "p": 4, "T": 0.5}, {"N": 40000, "alpha": None, "gamma": 1, "p": 8, "T": 0.5}):
            job = self.job(model={"name": '"dense"'}, grid=grid)
            for verb in ("check", "plan", "run"):
                self.refused(verb, job, saying=("grid.", "bytes"))


if __name__ == "__main__":
    main()
