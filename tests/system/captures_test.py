# SPDX-License-Identifier: MIT
"""Captures: lists that name thumbnails in the store, and the route that makes each once. The
numbers are those of the document that this behaviour comes from."""
import concurrent.futures
import io
import os
import random
import signal
import socket
import unittest

from PIL import Image

from capture_cases import STORE, CaptureTest, jpeg, opened  # first: it knows where the supports are
import daemon
from control import Control
from emulator import free_port


class Route(CaptureTest):

    def test_20_to_30_a_thumbnail_is_made_stored_and_then_named_directly(self):
        source = jpeg("A", 3000, 2000)
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", source))
        route = f"/v1/captures/thumbnails/{one['id']}?label="
        # 11, 13: every configured label, by the route while nothing is made.
        self.assertEqual({"small": route + "small", "medium": route + "medium"}, one["thumbnails"])
        self.assertEqual(0, self.asked())  # 5: nothing is made beforehand
        answer = self.thumbnail(one["id"], "small")
        small = self.key(answer)
        self.assertEqual("private, max-age=300", answer.headers["cache-control"])  # 21
        self.assertEqual("cross-origin", answer.headers["cross-origin-resource-policy"])
        image = opened(self.stored(small))
        self.assertEqual(("JPEG", (240, 160)), (image.format, image.size))
        self.assertTrue(image.info.get("progressive"))  # 28
        self.assertEqual(small, self.key(self.thumbnail(one["id"])))          # 20: the default
        self.assertEqual(small, self.key(self.thumbnail(one["id"], "")))
        medium = self.key(self.thumbnail(one["id"], "medium"))
        self.assertEqual((1024, 683), opened(self.stored(medium)).size)
        self.assertTrue(medium.startswith(f"thumbnails/capture_{one['id']}/medium-"))  # 29
        row = self.list()["captures"][0]
        self.assertEqual({"small": f"{STORE}/{small}", "medium": f"{STORE}/{medium}"},
                         row["thumbnails"])
        self.assertEqual(row, self.control.get(f"/v1/captures/{one['id']}").json())
        # 3: the width that was asked for is recorded, the height that came out.
        self.assertEqual([("medium", 1024, 683), ("small", 240, 160)], self.query(
            "SELECT label, width, height FROM thumbnails ORDER BY label"))
        self.assertEqual(2, self.asked())
        # 10: the row is trusted, without a look at the object.
        (self.place.data / "public" / small).unlink()
        self.assertEqual(small, self.key(self.thumbnail(one["id"])))
        head = self.control.request("HEAD", route + "small")
        self.assertEqual((302, b""), (head.status, head.body))
        self.assertEqual(f"{STORE}/{small}", head.headers["location"])
        self.assertEqual(302, self.thumbnail(one["id"], "small", If_None_Match="*").status)

    def test_22_errors_say_what_is_wrong(self):
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A")))
        for path in ("/v1/captures/thumbnails", "/v1/captures/thumbnails?label=small"):
            answer = self.control.get(path)
            self.assertEqual(405, answer.status)
            self.assertIn("allow", answer.headers)
        answer = self.thumbnail(one["id"], "huge")
        self.assertEqual(400, answer.status)
        self.assertIn("small, medium", answer.json()["detail"])
        for number in (99999, "x", "-1", "0", "1e3", "9" * 30):
            self.assertEqual(404, self.thumbnail(number).status, number)
        for query in ("?limit=0", "?limit=201", "?limit=x", "?cursor=x", "?collection=A%20B"):
            self.assertEqual(400, self.control.get("/v1/captures" + query).status, query)
        for document in ({}, {"url": ""}, {"url": "ftp://x/y"}, {"url": 1}, {"url": "/x", "x": 1},
                         {"url": "http://a.example/", "collection": "../x"}):
            answer = self.control.request("POST", "/v1/captures", document)
            self.assertEqual(400, answer.status, (document, answer.body))
        self.assertEqual(415, self.upload(b"").status)
        self.assertEqual(422, self.upload(b"<html>no picture</html>" * 100).status)
        self.assertEqual(404, self.control.request("DELETE", "/v1/captures/99").status)

    def test_22_without_sizes_there_are_no_thumbnails(self):
        self.serve("[thumbnails]\nsizes = {}\n")
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A")))
        self.assertEqual({}, one["thumbnails"])
        answer = self.thumbnail(one["id"])
        self.assertEqual((404, "No thumbnail sizes are configured"),
                         (answer.status, answer.json()["detail"]))

    def test_16_22_a_private_collection_shows_nothing_to_those_without_a_token(self):
        token = self.folder("token") / "token"
        token.write_text("0123456789abcdef0123\n")
        port = free_port()
        self.begin("[captures.collection.secret]\nprivate = true\n",
                   control=f'listen = "127.0.0.1:{port}"\ntoken_file = "{token}"')
        self.daemon = self.start_daemon(self.place)
        self.control = Control(self.place.socket, timeout=90)
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A")), "secret")
        public = self.add(self.hosts.put("a.example", "/2.jpg", jpeg("B")), "open")
        self.assertIsNone(one["thumbnails"])
        self.assertEqual("http://a.example/1.jpg", one["url"])  # 17: clients show this
        stranger = Control(("127.0.0.1", port))
        known = Control(("127.0.0.1", port), token="0123456789abcdef0123")
        path = "/v1/captures/thumbnails/{}?label=small"
        self.assertEqual(401, stranger.get(path.format(one["id"])).status)
        self.assertEqual(302, known.get(path.format(one["id"])).status)
        self.assertEqual(302, stranger.get(path.format(public["id"])).status)
        for method, where in (("GET", "/v1/captures"), ("GET", f"/v1/captures/{public['id']}"),
                              ("POST", "/v1/captures"), ("DELETE", f"/v1/captures/{public['id']}"),
                              ("POST", f"/v1/captures/{public['id']}/report-missing")):
            self.assertEqual(401, stranger.request(method, where).status, (method, where))
        # A large body is for those who may send one.
        self.assertEqual(401, stranger.request(
            "POST", "/v1/captures", body=bytes(200_000),
            headers={"Content-Type": "image/jpeg"}).status)
        # 12: absolute where the asker's address is known.
        cold = known.request("POST", "/v1/captures", {"url": "http://a.example/3.jpg"}).json()
        self.assertEqual(f"http://127.0.0.1:{port}" + path.format(cold["id"]),
                         cold["thumbnails"]["small"])

    def test_36_the_failures_of_a_source_have_their_own_status(self):
        self.serve(http="first_byte_timeout_s = 1")
        put, whole = self.hosts.put, jpeg("A")
        cases = {
            put("a.example", "/html.jpg", b"<html>gone</html>" * 100): 422,
            put("a.example", "/cut.jpg", whole[:len(whole) // 2]): 422,
            put("a.example", "/404.jpg", b"no", status=404): 502,
            put("a.example", "/500.jpg", b"no", status=500): 502,
            put("a.example", "/gif.jpg", b"GIF89a" + bytes(2000)): 422,
            "http://nowhere.example/x.jpg": 502,
        }
        for url, status in cases.items():
            one = self.add(url)
            answer = self.thumbnail(one["id"])
            self.assertEqual(status, answer.status, (url, answer.body))
            self.assertEqual("application/problem+json", answer.headers["content-type"])
        # 24: one that accepts and says nothing is not waited for.
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.settings = self.settings.replace(
                "connect_to = {", 'connect_to = { "silent.example:80" = '
                f'"127.0.0.1:{silent.getsockname()[1]}",').replace(
                "[politeness]\n", "[politeness]\nrobots = false\n")
            self.configure("")
            self.daemon.child.signal(signal.SIGHUP)
            one = self.add("http://silent.example/1.jpg")
            daemon.wait_until(lambda: self.thumbnail(one["id"]).status == 504, what="504")
        put("rest.example", "/1.jpg", b"", status=429, Retry_After="120")
        one = self.add("http://rest.example/1.jpg")
        for reason in ("http_too_many_requests", "host_cooling_down"):  # then it is not asked
            answer = self.thumbnail(one["id"])
            self.assertEqual(503, answer.status, answer.body)
            self.assertIn(reason, answer.json()["type"])
            self.assertGreater(int(answer.headers["retry-after"]), 60)
        self.assertEqual([], self.objects())
        self.assertEqual([(0,)], self.query("SELECT count(*) FROM thumbnails"))
        self.assertEqual([(0,)], self.query("SELECT count(*) FROM thumbnail_leases"))


class Drawing(CaptureTest):

    def draw(self, body, label="small"):
        answer = self.upload(body)
        self.assertEqual(201, answer.status, answer.body)
        return opened(self.stored(self.key(self.thumbnail(answer.json()["id"], label))))

    def encoded(self, image, kind="PNG", **options):
        out = io.BytesIO()
        image.save(out, kind, **options)
        return out.getvalue()

    def test_25_to_28_every_form_is_drawn_on_white_and_never_larger(self):
        self.serve("[thumbnails]\nsizes = { small = 240, large = 2560, "
                   "strip = { width = 400, height = 30 } }\n")
        # 26: never larger, but the width that was asked for is recorded.
        self.assertEqual((1024, 768), self.draw(jpeg("A", 1024, 768), "large").size)
        self.assertEqual([(2560,)], self.query("SELECT width FROM thumbnails"))
        self.assertEqual((40, 30), self.draw(jpeg("A", 1024, 768), "strip").size)
        # 37: a side is never 0.
        self.assertEqual((240, 1), self.draw(self.encoded(Image.new("RGB", (5000, 4)))).size)
        # 39: alpha lies on white, in all its forms; CMYK becomes RGB; grey stays grey.
        clear = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
        for form in ("RGBA", "LA", "P"):
            image = self.draw(self.encoded(clear.convert(form) if form != "P" else
                                           clear.quantize()))
            self.assertTrue(all(v > 250 for v in image.convert("RGB").getpixel((100, 80))), form)
        cmyk = self.draw(self.encoded(Image.new("CMYK", (400, 300), (0, 255, 255, 0)), "JPEG"))
        self.assertEqual("RGB", cmyk.mode)
        self.assertGreater(cmyk.getpixel((9, 9))[0], 200)
        self.assertEqual("L", self.draw(self.encoded(Image.new("L", (400, 300), 90), "JPEG")).mode)

    def test_large_uploads_pass_and_what_is_no_capture_does_not(self):
        self.serve()
        self.assertEqual((240, 180), self.draw(jpeg("A", 4000, 3000) + bytes(900_000)).size)
        self.assertEqual(413, self.control.request(
            "POST", "/v1/captures", body=b"{" + bytes(100_000),
            headers={"Content-Type": "application/json"}).status)

    @unittest.skipIf(daemon.sanitized(), "a sanitizer's decoders have no limit of memory")
    def test_what_is_too_large_to_draw_says_so(self):
        self.serve()
        answer = self.upload(self.encoded(Image.new("RGB", (7000, 7000), "red")))
        self.assertEqual(201, answer.status, answer.body)
        answer = self.thumbnail(answer.json()["id"])
        self.assertEqual(422, answer.status, answer.body)
        self.assertIn("memory", answer.json()["detail"])

    def test_27_pixels_stay_as_they_lie(self):
        self.serve()
        exif = Image.Exif()
        exif[0x0112] = 6  # turn right to look at it
        source = Image.new("RGB", (600, 400), "white")
        source.paste("black", (0, 0, 300, 400))
        image = self.draw(self.encoded(source, "JPEG", quality=95, exif=exif))
        self.assertEqual((240, 160), image.size)
        self.assertEqual(None, image.getexif().get(0x0112))
        self.assertLess(image.convert("L").getpixel((20, 80)), 20)
        self.assertGreater(image.convert("L").getpixel((220, 80)), 235)


class Freshness(CaptureTest):

    def synced(self):
        self.source = self.folder("source")
        self.serve(f'[captures.collection.moths]\nsource = "{self.source}"\n'
                   'public_url = "https://moths.example.org"\n')

    def write(self, name, body):
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path

    def sync(self, code=0, *arguments):
        return self.assert_code(code, self.place.vinny("captures", "sync", "--json", *arguments))

    def counts(self, outcome):
        found = outcome.json()["run"]["counts"]
        return tuple(found[f"captures_{n}"] for n in ("found", "added", "changed", "removed"))

    def test_a_directory_is_kept_in_step(self):
        self.synced()
        for name in ("b/2.jpg", "a.jpg", "b.JPEG", "ü/é 1.png"):
            self.write(name, jpeg(name, 300, 200))
        self.write("notes.txt", b"x")
        self.assertEqual((4, 4, 0, 0), self.counts(self.sync()))
        self.assertEqual((4, 0, 0, 0), self.counts(self.sync()))
        rows = {r["url"]: r["id"] for r in self.list("?collection=moths")["captures"]}
        self.assertIn("https://moths.example.org/%C3%BC/%C3%A9%201.png", rows)
        number = rows["https://moths.example.org/a.jpg"]
        first = self.key(self.thumbnail(number))
        # 7: a newer source is drawn again, by one regeneration.
        self.write("a.jpg", jpeg("other", 320, 200))
        self.assertEqual((4, 0, 1, 0), self.counts(self.sync()))
        self.assertIn("/v1/captures/thumbnails/", self.control.get(
            f"/v1/captures/{number}").json()["thumbnails"]["small"])
        second = self.key(self.thumbnail(number))
        self.assertNotEqual(first, second)
        self.assertEqual(second, self.key(self.thumbnail(number)))
        self.assertTrue(self.stored(first))  # 38: browsers may still be on their way to it
        self.assertEqual([(first,)], self.query("SELECT key FROM doomed_objects"))
        # A source that is replaced by an older one is another version, too.
        path = self.write("a.jpg", jpeg("third", 330, 200))
        os.utime(path, (1_000_000_000, 1_000_000_000))
        self.assertEqual((4, 0, 1, 0), self.counts(self.sync()))
        self.assertNotEqual(second, self.key(self.thumbnail(number)))
        (self.source / "b.JPEG").unlink()
        self.assertEqual((3, 0, 0, 1), self.counts(self.sync()))
        # A source without any picture is not believed.
        for path in self.source.rglob("*.*"):
            if path.is_file() and path.suffix != ".txt":
                path.unlink()
        refused = self.sync(1)
        self.assertIn("--full", refused.err)
        self.assertEqual(3, len(self.list("?collection=moths")["captures"]))
        self.assertEqual((0, 0, 0, 3), self.counts(self.sync(0, "--full")))
        self.assertEqual([], self.list()["captures"])

    def test_8_9_what_an_older_row_says_heals_by_one_regeneration(self):
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A")))
        first = self.key(self.thumbnail(one["id"]))
        for change in ("width = 239", "key = ''", "source_ms = 5"):
            with self.subTest(change):
                self.query("UPDATE captures SET modified_ms = 9")
                self.query(f"UPDATE thumbnails SET source_ms = 9, {change}")
                asked = self.asked()
                healed = self.key(self.thumbnail(one["id"]))
                self.assertNotEqual(first, healed)
                self.assertEqual(healed, self.key(self.thumbnail(one["id"])))
                self.assertEqual(asked + 1, self.asked())
                first = healed

    def test_8_another_width_makes_each_anew_once(self):
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A")))
        self.assertEqual(240, opened(self.stored(self.key(self.thumbnail(one["id"])))).width)
        self.configure("[thumbnails]\nsizes = { small = 300 }\n")
        self.daemon.child.signal(signal.SIGHUP)
        daemon.wait_until(lambda: list(self.list()["captures"][0]["thumbnails"]) == ["small"])
        self.assertIn("/thumbnails/1?", self.list()["captures"][0]["thumbnails"]["small"])
        self.assertEqual(300, opened(self.stored(self.key(self.thumbnail(one["id"])))).width)
        self.assertIn(STORE, self.list()["captures"][0]["thumbnails"]["small"])

    def test_32_what_is_deleted_takes_its_objects_along(self):
        self.serve()
        answer = self.upload(jpeg("A"))
        number = answer.json()["id"]
        self.assertTrue(answer.json()["url"].startswith(f"{STORE}/captures/"))
        key = self.key(self.thumbnail(number))
        self.assertEqual(204, self.control.request("DELETE", f"/v1/captures/{number}").status)
        self.assertEqual(404, self.thumbnail(number).status)
        self.assertEqual(2, self.query("SELECT count(*) FROM doomed_objects")[0][0])
        self.assertTrue(self.stored(key))
        self.query("UPDATE doomed_objects SET due_ms = 0")
        daemon.wait_until(lambda: self.query("SELECT count(*) FROM doomed_objects") == [(0,)],
                          what="the objects' removal")
        self.assertEqual([], self.objects() + self.objects("captures"))

    def test_another_store_knows_nothing_of_the_one_before(self):
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A")))
        first = self.key(self.thumbnail(one["id"]))
        self.settings = self.settings.replace("[store]\n", '[store]\ndirectory = "other"\n')
        self.configure("")
        self.daemon.child.signal(signal.SIGHUP)
        daemon.wait_until(lambda: "/v1/captures/thumbnails/" in
                          self.list()["captures"][0]["thumbnails"]["small"], what="the reload")
        second = self.key(self.thumbnail(one["id"]))
        self.assertNotEqual(first, second)
        self.assertTrue((self.place.data / "other" / second).exists())
        self.assertTrue(self.stored(first))

    def test_9_18_integrity_is_restored(self):
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A")))
        two = self.add(self.hosts.put("a.example", "/2.jpg", jpeg("B")))
        keys = [self.key(self.thumbnail(c["id"])) for c in (one, two)]
        public = self.place.data / "public"
        (public / keys[0]).unlink()
        answer = self.control.request("POST", f"/v1/captures/{one['id']}/report-missing")
        self.assertEqual({"checked": 1, "repaired": 1}, answer.json())
        repaired = self.key(self.thumbnail(one["id"]))
        self.assertTrue(self.stored(repaired))
        answer = self.control.request("POST", f"/v1/captures/{one['id']}/report-missing")
        self.assertEqual({"checked": 1, "repaired": 0}, answer.json())
        # One object without a row, one row without its object, and others' files.
        tag = self.query("SELECT value FROM notes WHERE name = 'catalog_tag'")[0][0]
        stranger = f"thumbnails/capture_7/small-0123456789ab-{tag}abcdef.jpg"
        others = "thumbnails/capture_7/small-0123456789ab-ffffffffabcdef.jpg"
        for key in (stranger, others, "thumbnails/mine.jpg"):
            (public / key).parent.mkdir(parents=True, exist_ok=True)
            (public / key).write_bytes(b"x")
        (public / keys[1]).unlink()
        outcome = self.place.vinny("verify", "--json")
        self.assert_code(9, outcome)
        counts = outcome.json()["run"]["counts"]
        self.assertEqual((2, 1, 1), tuple(counts[n] for n in (
            "thumbnails_checked", "thumbnails_lost", "objects_unnamed")))
        self.assertEqual(sorted([repaired, others, "thumbnails/mine.jpg"]), self.objects())
        self.assert_code(0, self.place.vinny("verify"))
        self.assertTrue(self.stored(self.key(self.thumbnail(two["id"]))))
        self.assertEqual(201, self.upload(jpeg("U")).status)
        (public / self.objects("captures")[0]).unlink()
        self.assertIn("uploads  1", self.assert_code(9, self.place.vinny("verify")).out)


class Together(CaptureTest):

    def test_31_two_hundred_at_once_make_one(self):
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A", 3000, 2000)))
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            keys = {self.key(a) for a in pool.map(lambda _: self.thumbnail(one["id"]), range(200))}
        self.assertEqual((1, 1), (len(keys), self.asked()))
        self.assertEqual(sorted(keys), self.objects())
        self.assertEqual([(1,)], self.query("SELECT count(*) FROM thumbnails"))

    def test_31_two_daemons_make_one(self):
        self.serve()
        one = self.add(self.hosts.put("a.example", "/1.jpg", jpeg("A", 3000, 2000)))
        second = self.beside()
        controls = [self.control, second]
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda n: controls[n % 2].get(
                f"/v1/captures/thumbnails/{one['id']}"), range(200)))
        keys = {self.key(a) for a in answers}
        self.assertEqual((1, 1), (len(keys), self.asked()))
        self.assertEqual(sorted(keys), self.objects())
        self.assertEqual([(1,)], self.query("SELECT count(*) FROM thumbnails"))
        answer = second.request("POST", "/v1/runs", {"pipeline": "verify"})
        self.assertEqual(409, answer.status, answer.body)

    def beside(self):
        socket = self.place.root / "run" / "beside.sock"
        config = self.place.root / "beside.toml"
        config.write_text(self.place.config.read_text().replace(str(self.place.socket),
                                                                str(socket)))
        command = [daemon.binary("vinnyd"), "--config", str(config), "--beside"]
        other = self.place.root / "other.toml"
        other.write_text(config.read_text().replace("[store]\n", '[store]\ndirectory = "x"\n'))
        refused = daemon.Child([command[0], "--config", str(other), "--beside"],
                               self.place.environment(), self.place.root).wait()
        self.assert_code(78, refused)
        self.assertIn("[store] is another one", refused.err)
        child = daemon.Child(command, self.place.environment(), self.place.root)
        self.addCleanup(lambda: child.running() and child.kill())
        control = Control(socket, timeout=90 * daemon.SLOW)
        def answers():
            try:
                return control.get("/livez").status == 200
            except OSError:
                return False
        daemon.wait_until(answers, what="the second daemon")
        return control

    def test_three_browsers_at_the_same_moment(self):
        self.serve()
        all_of_them = [self.add(self.hosts.put("a.example", f"/{n}.jpg", jpeg(str(n), 800, 600)))
                       for n in range(40)]
        paths = [c["thumbnails"]["small"] for c in all_of_them] * 3
        random.Random(7).shuffle(paths)
        with concurrent.futures.ThreadPoolExecutor(18) as pool:
            keys = {self.key(a) for a in pool.map(self.control.get, paths)}
        self.assertEqual((40, 40), (len(keys), self.asked()))
        warm = self.list("?limit=40")["captures"]
        self.assertTrue(all(c["thumbnails"]["small"].startswith(STORE) for c in warm))

    def test_a_full_queue_says_come_again(self):
        self.serve("[thumbnails]\nqueue = 1\n")
        body = jpeg("A", 3000, 2000)
        ids = [self.add(self.hosts.put("a.example", f"/{n}.jpg", body))["id"] for n in range(20)]
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(self.thumbnail, ids))
        states = {a.status for a in answers}
        self.assertEqual({302, 503}, states)
        self.assertTrue(all(int(a.headers["retry-after"]) > 0 for a in answers if a.status == 503))


class Command(CaptureTest):

    def test_files_folders_and_urls_are_added_with_and_without_a_daemon(self):
        self.begin()
        folder = self.folder("pictures")
        (folder / "in").mkdir()
        (folder / "in" / "b.jpg").write_bytes(jpeg("B", 300, 200))
        (folder / "a.jpg").write_bytes(jpeg("A", 300, 200))
        (folder / "no.txt").write_bytes(b"no picture")
        url = self.hosts.put("a.example", "/1.jpg", jpeg("C"))
        add = ("captures", "add", folder / "in", folder / "a.jpg", url, "--collection", "book",
               "--json")
        outcome = self.assert_code(0, self.place.vinny(*add))
        self.assertEqual((3, 0), (len(outcome.json()["captures"]), outcome.json()["refused"]))
        self.assert_code(3, self.place.vinny("captures", "add", url, folder / "no.txt"))
        refused = self.assert_code(1, self.place.vinny("captures", "add", folder / "none.jpg"))
        self.assertIn("none.jpg", refused.err)
        with daemon.Daemon(self.place):
            outcome = self.assert_code(0, self.place.vinny(*add))
            self.assertEqual(3, len(outcome.json()["captures"]))
            listed = self.assert_code(0, self.place.vinny(
                "captures", "list", "--collection", "book", "--json")).json()
            # The URL was there; files are pictures of their own each time.
            self.assertEqual(5, len(listed["captures"]), (outcome.out, listed))
        self.assertIn("more: vinny captures list --before",
                      self.place.vinny("captures", "list", "--limit", "2").out)
        self.assertIn("no collection 'x'",
                      self.assert_code(2, self.place.vinny("captures", "sync", "x")).err)


if __name__ == "__main__":
    unittest.main()
