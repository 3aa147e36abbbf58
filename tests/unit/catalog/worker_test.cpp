// SPDX-License-Identifier: MIT
#include "catalog/worker.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit/scratch_folder.hpp"
#include "unit/task/loop_fixture.hpp"

using namespace vinny;
using namespace std::chrono_literals;

namespace {

struct fixture {
  scratch_folder folder;
  std::filesystem::path file = folder.path / "test.db";
  std::unique_ptr<catalog_worker> writer;

  fixture() {
    auto db = open();
    db->handle().exec("PRAGMA journal_mode = WAL");
    db->handle().exec("CREATE TABLE t (x INTEGER PRIMARY KEY)");
    writer = std::make_unique<catalog_worker>(std::move(db), file, true);
  }
  [[nodiscard]] std::unique_ptr<database> open() const {
    return std::make_unique<database>(file, database::mode::read_write);
  }
  /// Keeps the writer busy until the promise is kept, so that what follows waits together.
  void block(std::promise<void>& until) const {
    std::promise<void> started;
    writer->post([&started, go = until.get_future().share()](database&) {
      started.set_value();
      go.wait();
    });
    started.get_future().wait();
  }
  [[nodiscard]] std::string content() const {
    std::string out;
    open()->query("SELECT x FROM t ORDER BY x",
                  [&](SQLite::Statement& row) { out += row.getColumn(0).getString() + ' '; });
    return out;
  }
};

auto insert(int x) {
  return [x](database& db) { db.execute("INSERT INTO t VALUES (?)", x); };
}

}  // namespace

TEST_CASE("a caller resumes after its write is on disk") {
  fixture f;
  test_loop loop;
  loop.start([&]() -> task<> {
    auto const done = co_await f.writer->run(insert(1));
    CHECK(done);
    CHECK(f.content() == "1 ");
    auto const value =
        co_await f.writer->run([](database& db) { return db.number("SELECT max(x) + 41 FROM t"); });
    CHECK(value == 42);
  });
  CHECK(loop.finish());
}

TEST_CASE("writes that wait together are committed together") {
  fixture f;
  test_loop loop;
  std::promise<void> go;
  f.block(go);
  int resumed = 0;
  int commits = 0;
  f.writer->post([&commits](database& db) {
    ::sqlite3_commit_hook(
        db.handle().getHandle(),
        [](void* count) {
          ++*static_cast<int*>(count);
          return 0;
        },
        &commits);
  });
  for (int i = 0; i < 100; ++i) {
    loop.start([&, i]() -> task<> {
      CHECK(co_await f.writer->run(insert(i)));
      ++resumed;
    });
  }
  loop.settle();
  CHECK(resumed == 0);
  go.set_value();
  CHECK(loop.finish());
  CHECK(resumed == 100);
  CHECK(f.open()->number("SELECT count(*) FROM t") == 100);
  f.writer.reset();
  CHECK(commits == 1);
}

TEST_CASE("a job that fails does not take the others along") {
  fixture f;
  test_loop loop;
  std::promise<void> go;
  f.block(go);
  std::vector<std::string> outcomes(4);
  auto const note = [&](std::size_t at, auto const& out) {
    outcomes[at] = out ? "done" : std::string{name(out.error().code)} + ": " + out.error().message;
  };
  loop.start([&]() -> task<> { note(0, co_await f.writer->run(insert(1))); });
  loop.start([&]() -> task<> {
    note(1, co_await f.writer->run([](database& db) {
      db.execute("INSERT INTO t VALUES (2)");
      db.execute("INSERT INTO t VALUES (1)");  // it is taken
    }));
  });
  loop.start([&]() -> task<> {
    note(2, co_await f.writer->run([](database& db) -> int {
      db.execute("INSERT INTO t VALUES (3)");
      throw std::runtime_error{"a defect"};
    }));
  });
  loop.start([&]() -> task<> { note(3, co_await f.writer->run(insert(4))); });
  loop.settle();
  go.set_value();
  CHECK(loop.finish());
  CHECK(outcomes[0] == "done");
  CHECK(outcomes[1].find(f.file.string()) != std::string::npos);
  CHECK(outcomes[2] == "internal: a defect");
  CHECK(outcomes[3] == "done");
  CHECK(f.content() == "1 4 ");
}

TEST_CASE("a failed result rolls back what its job wrote") {
  fixture f;
  test_loop loop;
  loop.start([&]() -> task<> {
    auto const out = co_await f.writer->run([](database& db) -> result<int> {
      db.execute("INSERT INTO t VALUES (1)");
      return fail(errc::not_found, "no such thing");
    });
    CHECK_FALSE(out);
    CHECK(out.error().code == errc::not_found);
    CHECK(out.error().message == "no such thing");
    auto const good = co_await f.writer->run([](database& db) -> result<int> {
      db.execute("INSERT INTO t VALUES (2)");
      return 7;
    });
    CHECK(good == 7);
  });
  CHECK(loop.finish());
  CHECK(f.content() == "2 ");
}

TEST_CASE("when the commit fails, every job of the batch failed") {
  fixture f;
  test_loop loop;
  std::promise<void> go;
  f.block(go);
  int failed = 0;
  f.writer->post([](database& db) {
    ::sqlite3_commit_hook(db.handle().getHandle(), [](void*) { return 1; }, nullptr);
  });
  for (int i = 0; i < 3; ++i) {
    loop.start([&, i]() -> task<> {
      auto const out = co_await f.writer->run(insert(i));
      if (!out) ++failed;
    });
  }
  loop.settle();
  go.set_value();
  CHECK(loop.finish());
  CHECK(failed == 3);
  CHECK(f.content().empty());

  f.writer->post(
      [](database& db) { ::sqlite3_commit_hook(db.handle().getHandle(), nullptr, nullptr); });
  loop.start([&]() -> task<> { CHECK(co_await f.writer->run(insert(9))); });
  CHECK(loop.finish());
  CHECK(f.content() == "9 ");
}

TEST_CASE("a reader sees what is written after a read of it failed half-way") {
  fixture f;
  catalog_worker reader{f.open(), f.file, false};
  test_loop loop;
  loop.start([&]() -> task<> {
    (void)co_await f.writer->run(insert(1));
    (void)co_await f.writer->run(insert(2));
    auto const broken = co_await reader.run([](database& db) {
      db.query("SELECT x FROM t", [](SQLite::Statement&) { throw std::runtime_error{"broken"}; });
      return 0;
    });
    CHECK_FALSE(broken);
    (void)co_await f.writer->run(insert(3));
    auto const count =
        co_await reader.run([](database& db) { return db.number("SELECT count(*) FROM t"); });
    CHECK(count == 3);
  });
  CHECK(loop.finish());
}

TEST_CASE("what waits when the worker ends is still done") {
  fixture f;
  std::promise<void> go;
  f.block(go);
  for (int i = 0; i < 1200; ++i) f.writer->post(insert(i));  // more than one batch
  go.set_value();
  f.writer.reset();
  CHECK(f.open()->number("SELECT count(*) FROM t") == 1200);
}

TEST_CASE("the lag is the age of the oldest unfinished job") {
  fixture f;
  test_loop loop;
  loop.start([&]() -> task<> { (void)co_await f.writer->run(insert(1)); });
  CHECK(loop.finish());
  std::promise<void> go;
  auto const began = clock::now();
  f.block(go);
  while (f.writer->lag() < 2ms && clock::now() - began < 1s) {
  }
  CHECK(f.writer->lag() >= 2ms);
  go.set_value();
  while (f.writer->lag() != 0ms && clock::now() - began < 1s) {
  }
  CHECK(f.writer->lag() == 0ms);
}

TEST_CASE("a cancelled caller's write still counts") {
  fixture f;
  test_loop loop;
  std::promise<void> go;
  f.block(go);
  bool went_on = false;
  auto& group = loop.start([&]() -> task<> {
    (void)co_await f.writer->run(insert(5));
    co_await yield();
    went_on = true;
  });
  loop.settle();
  loop.cancel(group);
  loop.settle();
  CHECK(group.size() == 1);
  go.set_value();
  CHECK(loop.finish());
  CHECK(f.content() == "5 ");
  CHECK_FALSE(went_on);
}
