"""Opens a results file as a user's notebook does: read_results.py FILE ENGINE product|points. Exits 77 without xarray."""
import importlib
import sys

path, engine, layout = sys.argv[1:]
try:
    import numpy as np
    import xarray as xr

    importlib.import_module({"h5netcdf": "h5netcdf", "netcdf4": "netCDF4"}[engine])
except ImportError as missing:
    print(missing)
    sys.exit(77)

ds = xr.open_dataset(path, engine=engine)
u = ds["energy_per_spin"]
assert u.attrs["units"] == "J" and u.attrs["symbol"] == "u" and u.attrs["definition"] == "H / N", u.attrs
assert u.attrs["long_name"] == "energy per spin"
assert ds["alpha"].attrs["definition"] == "load P / N"
assert ds["energy_per_spin_tau_int"].attrs["units"] == "sweeps"
assert ds.attrs["schema"] == "mattis-results/1"
assert list(ds["start"].values[:2]) == ["cued", "random"], ds["start"].values
assert all(isinstance(label, str) for label in ds["start"].values.tolist())
assert {"alpha_actual", "P"} <= set(ds.coords), ds.coords

if layout == "product":
    assert u.dims == ("N", "alpha", "start", "sample")
    assert abs(float(u.sel(N=500, alpha=0.14, start="random", sample=1)) - 501.41105) < 1e-9
    assert np.isnan(float(u.sel(N=1000, alpha=0.1, start="cued", sample=2)))
    assert ds["overlap"].dims == ("N", "alpha", "start", "sample", "mu")
    assert abs(float(ds["overlap"].sel(N=500, alpha=0.1, start="cued", sample=0, mu=12)) - 513) < 1e-9
    assert float(ds["energy_per_spin_mean"].sel(N=1000, alpha=0.14, start="random")) == 3
    assert float(ds["alpha_actual"].sel(N=500, alpha=0.14, start="cued")) == 0.14
    assert ds["energy_per_spin_extrapolated"].dims == ("alpha", "start")
    assert float(ds["energy_per_spin_extrapolated"].sel(alpha=0.14, start="cued")) == -0.5
    assert int(ds["energy_per_spin_equilibrated"].sel(N=500, alpha=0.1, start="cued")) == 1
else:
    assert u.dims == ("point", "sample")
    assert {"N", "alpha", "start"} <= set(ds.coords), ds.coords
    chosen = ds.where((ds.N == 500) & (ds.start == "random"), drop=True)
    assert chosen.sizes["point"] == 1 and abs(float(chosen["energy_per_spin"][0, 0]) - 501.01005) < 1e-9

assert not [name for name in ds.dims if "phony" in name], ds.dims
provenance = xr.open_dataset(path, engine=engine, group="provenance")
assert provenance.attrs["seed"] == "20261122"
assert "mattis_version" in provenance.attrs
job = str(provenance["job_toml"].values)
assert job.startswith('title = "Überlapp"\n'), job
