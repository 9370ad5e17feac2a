"""Shards that were bent on the disk: noticed, named, recomputed."""
from program import SystemTest, main, tasks_of


class Damaged(SystemTest):
    def damage(self, bend):
        job = self.job()
        self.mattis("run", job)
        whole = self.samples("job")
        shard = sorted((self.here / "job/shards").glob("*.h5"))[0]
        shard.write_bytes(bend(shard.read_bytes()))
        self.assertIn(f"damaged   job/shards/{shard.name}", self.mattis("status", "job").stdout)
        again = self.mattis("run", job)
        self.assertIn(f"damaged, recomputed: job/shards/{shard.name}", again.stderr)
        self.assertGreater(tasks_of(again.stderr)["ran"], 0)
        self.assertEqual(self.samples("job"), whole)
        last = self.mattis("run", job)
        self.assertEqual(tasks_of(last.stderr)["ran"], 0)
        self.assertEqual(self.samples("job"), whole)
        self.assertNotIn("damaged", self.mattis("status", "job").stdout)
        self.assertNotIn("damaged", last.stderr)

    def test_a_flipped_bit(self):
        self.damage(lambda data: data[:len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1:])

    def test_truncated(self):
        self.damage(lambda data: data[:len(data) // 2])

    def test_empty(self):
        self.damage(lambda data: b"")

    def test_zeros(self):
        self.damage(lambda data: bytes(len(data)))


if __name__ == "__main__":
    main()
