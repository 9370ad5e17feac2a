"""N = 10000 spins and P = 1000 patterns fit into 100 MB."""
import os
import subprocess

from program import PROGRAM, SystemTest, main


class Memory(SystemTest):
    def test_ten_thousand_spins_and_a_thousand_patterns(self):
        job = self.job(grid={"N": 10000, "alpha": 0.1, "T": 0.2}, start={"kind": '"cued"'},
                       plan={"burn_in": 0, "sweeps": 3, "samples": 2})
        process = subprocess.Popen([PROGRAM, "run", job, "-j", "2", "-q"], cwd=self.here, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertLess(usage.ru_maxrss * 1024, 100e6)  # of which both samples at once
        print(f"peak {usage.ru_maxrss * 1024 / 1e6:.1f} MB with two samples at once")


if __name__ == "__main__":
    main()
