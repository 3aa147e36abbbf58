# SPDX-License-Identifier: MIT
"""The command: exit codes, --json, --dry-run, help, and what a bad configuration says."""
import json
import signal
import unittest

from cases import QUICK, SystemTest
import daemon

THREE_MISTAKES = '''data_dir = "data"
contact = "tests@example.org"

[http]
concurency = 5

[politeness]
delay_ms = "fast"

[[venue]]
tag = "here"
name = "Here"
extractor = "no-such"
'''


class CommandLine(SystemTest):

    def test_usage_errors_are_2_and_say_where_help_is(self):
        _, place = self.serve()
        for arguments in ([], ["dance"], ["sync", "--no-such-flag"], ["sync", "--venues"],
                          ["images"], ["sync", "--venues", "no-such-venue"]):
            with self.subTest(arguments=arguments):
                outcome = self.assert_code(2, place.vinny(*arguments))
                self.assertTrue(outcome.err.strip())
                self.assertEqual("", outcome.out)
        self.assertFalse(place.data.exists())

    def test_an_unknown_venue_is_answered_with_the_known_ones(self):
        _, place = self.serve()
        outcome = self.assert_code(2, place.vinny("sync", "--venues", "no-such-venue"))
        for word in ("no-such-venue", "liv", "bluenote"):
            self.assertIn(word, outcome.err)

    def test_version_and_help(self):
        _, place = self.serve()
        version = self.assert_code(0, place.vinny("--version"))
        self.assertRegex(version.out, r"^vinny \d+\.\d+\.\d+")
        overview = self.assert_code(0, place.vinny("--help"))
        for command in ("sync", "scrape", "images", "export-d1", "status", "runs", "explain",
                        "config"):
            self.assertIn(command, overview.out)
        sync = self.assert_code(0, place.vinny("sync", "--help"))
        for flag in ("--venues", "--full", "--local", "--dry-run", "--run"):
            self.assertIn(flag, sync.out)

    def test_three_mistakes_are_named_with_their_lines(self):
        _, place = self.serve()
        place.config.write_text(THREE_MISTAKES, "utf-8")
        for arguments in (["config", "check"], ["sync", "--local"]):
            outcome = self.assert_code(78, place.vinny(*arguments))
            said = outcome.out + outcome.err
            for line, word in ((5, "concurency"), (8, "delay_ms"), (13, "no-such")):
                found = [l for l in said.splitlines() if f"vinny.toml:{line}" in l]
                self.assertTrue(found, f"line {line}: {outcome}")
                self.assertIn(word, found[0])
        place.config.write_text("data_dir = = 3\n", "utf-8")
        self.assertIn("vinny.toml:1", self.assert_code(78, place.vinny("config", "check")).err)

    def test_config_check_and_show(self):
        _, place = self.serve(store={"access_key_id": "id", "secret_access_key": "canary-4711"})
        self.assert_code(0, place.vinny("config", "check"))
        shown = self.assert_code(0, place.vinny("config", "show"))
        self.assertIn("https://img.vinny.vegas", shown.out)
        self.assertNotIn("canary-4711", shown.out + shown.err)

    def test_json_is_one_document_on_stdout(self):
        _, place = self.serve(**QUICK)
        self.assert_code(0, place.vinny("sync", "--local"))
        (run,) = place.run_ids()
        for arguments in (["status", "--json"], ["--json", "status"], ["runs", "--json"],
                          ["runs", run, "--json"], ["config", "show", "--json"],
                          ["sync", "--local", "--json"], ["explain", "dom-dolla", "--json"]):
            with self.subTest(arguments=arguments):
                outcome = self.assert_code(0, place.vinny(*arguments))
                json.loads(outcome.out)

    def test_the_document_of_a_run(self):
        origin, place = self.serve(**QUICK)
        outcome = self.assert_code(0, place.vinny("sync", "--local", "--json"))
        (run_id,) = place.run_ids()
        document = place.run_document(run_id)
        self.assertEqual(run_id, outcome.json()["run"]["id"])
        self.assertEqual([], document["errors"])
        run = document["run"]
        self.assertEqual((run_id, "sync", "done"), (run["id"], run["pipeline"], run["state"]))
        self.assertEqual(len(origin.site.events), run["counts"]["events"])
        self.assertNotEqual(0, place.vinny("runs", "no-such-run", "--json").code)

    def test_plain_output_has_no_escape_sequences(self):
        _, place = self.serve(**QUICK)
        outcome = self.assert_code(0, place.vinny("sync", "--local"))
        self.assertNotIn("\x1b", outcome.out + outcome.err)
        self.assertNotIn("\r", outcome.out + outcome.err)

    def test_quiet_says_nothing_when_all_is_well(self):
        _, place = self.serve(**QUICK)
        self.assertEqual("", self.assert_code(0, place.vinny("--quiet", "sync", "--local")).err)

    def test_dry_run_asks_nobody_and_writes_nothing(self):
        origin, place = self.serve(**QUICK)
        plan = self.assert_code(0, place.vinny("sync", "--local", "--dry-run"))
        self.assertIn("https://www.livnightclub.com/sitemap.xml".split("://")[1], plan.out)
        self.assertEqual([], origin.log.entries())
        files = [p for p in place.data.rglob("*") if p.is_file()] if place.data.exists() else []
        self.assertEqual([], files)

    def test_an_interrupt_is_130_and_the_work_is_kept(self):
        origin, place = self.serve(politeness={"delay_ms": 60})
        child = place.start("sync", "--local")
        daemon.wait_until(lambda: len(origin.log.entries()) > 15, what="a run in the middle")
        child.signal(signal.SIGINT)
        self.assert_code(130, child.wait(10 * daemon.SLOW))
        self.assert_code(0, place.vinny("sync", "--local"))

    def test_a_missing_contact_is_told_before_anything_is_asked(self):
        # A public host: none of the addresses that connect_to leads elsewhere.
        origin, place = self.serve()
        place.config.write_text(
            f'data_dir = "{place.data}"\n[[venue]]\ntag = "hall"\nname = "The Hall"\n'
            'sitemap = "https://hall.example/sitemap.xml"\n', "utf-8")
        outcome = self.assert_code(1, place.vinny("sync", "--local", "--venues", "hall"))
        self.assertIn("contact", outcome.err)
        self.assertEqual([], origin.log.entries())


if __name__ == "__main__":
    unittest.main()
