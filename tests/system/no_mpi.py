"""The program built without MPI: the same bits alone, and no launcher. no_mpi.py SOURCE TREE"""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from program import BAD_INPUT, ENVIRONMENT, SystemTest

SOURCE, TREE = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
# The objects of the first build serve here where ccache is told that the place of the tree does not matter.
BUILD = dict(os.environ, CCACHE_BASEDIR=os.fspath(SOURCE), CCACHE_NOHASHDIR="1")
if shutil.which("ccache"):
    BUILD.update(CMAKE_C_COMPILER_LAUNCHER="ccache", CMAKE_CXX_COMPILER_LAUNCHER="ccache")


class WithoutMpi(SystemTest):
    @classmethod
    def setUpClass(cls):
        for words in (["--preset", "no-mpi", "-B", TREE, "-DMATTIS_TESTS=OFF"], ["--build", TREE, "--target", "mattis"]):
            subprocess.run(["cmake", *words], cwd=SOURCE, env=BUILD, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def without(self, *words, **more):
        return subprocess.run([*more.pop("launcher", ()), TREE / "mattis", *words], cwd=self.here, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=120, **more)

    def test_same_bits(self):
        job = self.job()
        self.mattis("run", job, "-o", "with")
        self.assertEqual(self.without("run", job, "-o", "without").returncode, 0)
        self.assertEqual(self.samples("without"), self.samples("with"))
        self.assertNotIn("libmpi", subprocess.run(["ldd", TREE / "mattis"], capture_output=True, text=True, check=True).stdout)

    def test_launchers_are_refused(self):
        job = self.job()
        for variable in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE"):
            end = self.without("run", job, env={**os.environ, variable: "2"})
            self.assertEqual(end.returncode, ENVIRONMENT)
            self.assertIn("without MPI", end.stderr)
            self.assertEqual(self.without("check", job, env={**os.environ, variable: "2"}).returncode, BAD_INPUT)
        if shutil.which("mpirun"):
            root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
            end = self.without("run", job, launcher=("mpirun", "-n", "2"), env={**os.environ, **root})
            self.assertEqual(end.returncode, ENVIRONMENT, end.stderr)
        self.assertFalse((self.here / "job").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
