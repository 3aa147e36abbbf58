# SPDX-License-Identifier: MIT
"""A fifth system, tests/clocks: its folder and its name in the list of systems are all that it
takes to be in the API, the help, the metrics, the configuration, doctor, explain and the page."""
import json
import os
import pathlib
import unittest

from cases import SystemTest
import daemon

ROOT = pathlib.Path(__file__).resolve().parents[2]


def folder():
    beside = pathlib.Path(daemon.binary("vinny")).resolve().parent
    return beside.parent / "tests" / "clocks"


@unittest.skipUnless((folder() / "vinnyd").exists(), "the programs with clocks are not built")
class Clocks(SystemTest):

    @classmethod
    def setUpClass(cls):
        cls.before = os.environ.get("VINNY_BIN_DIR")
        os.environ["VINNY_BIN_DIR"] = str(folder())

    @classmethod
    def tearDownClass(cls):
        if cls.before is None:
            del os.environ["VINNY_BIN_DIR"]
        else:
            os.environ["VINNY_BIN_DIR"] = cls.before

    def setUp(self):
        self.origin, self.place = self.serve("escapes")
        self.place.config.write_text(self.place.config.read_text() +
                                     '\n[clocks]\nshelf = ["tower", "kitchen", "broken-one"]\n')

    def test_it_is_everywhere(self):
        running = self.start_daemon(self.place)
        control = running.control
        run = control.request("POST", "/v1/runs", {"pipeline": "clocks-wind"}).json()["id"]
        stages = {stage["step"] for event in control.events(run) if event.kind == "progress"
                  for stage in event.data["stages"]}
        self.assertIn("clocks", stages)
        document = control.run(run)
        counts = document["run"]["counts"]
        self.assertEqual(("partial", 2, 1), (document["run"]["state"], counts["clocks_wound"],
                                             counts["clocks_broken"]))
        self.assertEqual([("clocks", "not_found", "broken-one")],
                         [(e["step"], e["reason"], e["key"]) for e in document["errors"]])
        self.assertEqual({"kitchen": True, "tower": True},
                         {c["name"]: c["wound"] for c in control.get("/v1/clocks").json()["clocks"]})
        self.assertEqual(2, control.metric('vinny_items_done_total{step="clocks"}'))
        self.assertEqual(0, control.metric('vinny_runs_active{pipeline="clocks-wind"}'))
        self.assertIn('route="/v1/clocks"', control.get("/metrics").body.decode())
        self.assertIn('<script src="/clocks.js" defer>', control.get("/").body.decode())
        self.assertIn("clocks-wind", control.get("/clocks.js").body.decode())
        refused = control.request("POST", "/v1/runs", {"pipeline": "nothing"})
        self.assertIn("clocks-wind", refused.body.decode())
        self.assertIn(f"{run}  partial   clocks-wind", self.place.vinny("runs").out)
        self.assertIn("2 clocks wound, 1 failed", self.place.vinny("runs").out)

    def test_the_command_has_it(self):
        self.assertIn("clocks", self.place.vinny("--help").out)
        self.assertIn("wind", self.place.vinny("clocks", "--help").out)
        wound = self.assert_code(3, self.place.vinny("clocks", "wind"))
        self.assertIn("clocks   2 wound, 1 broken", wound.out)
        self.assertIn("wound", self.assert_code(0, self.place.vinny("explain", "tower")).out)
        self.assertIn("[clocks]\nshelf = [\"tower\", \"kitchen\", \"broken-one\"]",
                      self.place.vinny("config", "show").out)
        checks = {one["name"]: one for one in self.place.vinny("doctor", "--json").json()["checks"]}
        self.assertEqual("3 clocks", checks["clocks"]["message"])
        self.place.config.write_text(self.place.config.read_text().replace("tower", "Big Ben"))
        problems = self.place.vinny("config", "check", "--json")
        self.assert_code(78, problems)
        self.assertEqual("clocks.shelf", json.loads(problems.out)["problems"][0]["key"])

    def test_shared_files_know_nothing_of_it(self):
        for source in (*(ROOT / "lib").rglob("*.?pp"), *(ROOT / "daemon").iterdir(),
                       *(ROOT / "cmake").iterdir()):
            self.assertNotIn("clocks_", source.read_text(encoding="utf-8"), source)


if __name__ == "__main__":
    unittest.main()
