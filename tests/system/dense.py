"""Dense memories as a user meets them: at p = 2 they are the Hopfield model, with its theory; loads by their own names."""
import csv
import io

from program import SystemTest, main

CUED = {"kind": '"cued"'}
PLAN = {"burn_in": 20, "sweeps": 60, "samples": 3}


class Pairwise(SystemTest):
    def rows(self, name, **sections):
        job = self.job(f"{name}.toml", start=CUED, plan=PLAN, **sections)
        self.mattis("run", job, "-o", name, "-q")
        return list(csv.DictReader(io.StringIO(self.mattis("export", name).stdout)))

    def test_two_body_memories_are_the_hopfield_model_and_so_is_their_theory(self):
        theirs = self.rows("hopfield", grid={"alpha": 0.1, "T": "[0.0, 0.3, 1.6]"})
        self.assertTrue(any(row["theory"] for row in theirs))
        for load in ("alpha", "gamma"):
            grid = {"alpha": None, "T": "[0.0, 0.3, 1.6]", "p": 2, load: 0.1}
            ours = self.rows(f"by_{load}", model={"name": '"dense"'}, grid=grid)
            for column in ("N", "T", "observable", "component", "mean", "error", "theory", "theory_level", "z"):
                self.assertEqual([row[column] for row in ours], [row[column] for row in theirs], column)
            self.assertEqual([row[f"{load}_actual"] for row in ours], [row["alpha_actual"] for row in theirs])


if __name__ == "__main__":
    main()
