"""Two threads do the work of two: at least 80 % of what two programs side by side do on this machine."""
import os
import time

from program import SystemTest, main


class TwoThreads(SystemTest):
    def seconds(self, programs, threads):
        """Wall time of some programs started together, each with a job and a directory of its own."""
        job = self.job(grid={"N": "[1600, 2000]", "T": 0.5}, start={"kind": '"cued"'}, plan={"samples": 24, "sweeps": 2000})
        self.count = getattr(self, "count", 0) + 1
        begin = time.monotonic()
        running = [self.start("run", job, "-q", "-j", threads, "-o", f"r{self.count}.{k}") for k in range(programs)]
        for process in running:
            self.assertEqual(process.wait(), 0)
        return time.monotonic() - begin

    def test_speedup(self):
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("this process may use one core only")
        one, side_by_side, two = (min(times) for times in zip(*((self.seconds(1, 1), self.seconds(2, 1), self.seconds(1, 2))
                                                                 for _ in range(3))))
        ceiling = min(2.0, 2 * one / side_by_side)
        print(f"one thread {one:.2f} s, two {two:.2f} s: {one / two:.2f} times as fast, ceiling {ceiling:.2f}")
        self.assertGreater(one / two, 0.8 * ceiling)


if __name__ == "__main__":
    main()
