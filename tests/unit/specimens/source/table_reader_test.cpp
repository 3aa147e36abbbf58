// SPDX-License-Identifier: MIT
#include "specimens/source/table_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace vinny;

namespace {

/// Gives a text in pieces of a few bytes, so that rows are cut at every place.
class text_source final : public byte_source {
 public:
  text_source(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  result<std::size_t> read(std::span<char> into) override {
    auto const count = std::min({into.size(), piece_, text_.size() - at_});
    std::ranges::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                        static_cast<std::ptrdiff_t>(count), into.begin());
    at_ += count;
    return count;
  }
  std::int64_t consumed() const noexcept override { return static_cast<std::int64_t>(at_); }
  std::int64_t size() const noexcept override { return static_cast<std::int64_t>(text_.size()); }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

table_format format_of(char delimiter, char quote, int header_lines) {
  table_format out;
  out.delimiter = delimiter;
  out.quote = quote;
  out.header_lines = header_lines;
  out.id = 0;
  out.url = 1;
  return out;
}

table_reader reading(std::string text, table_format format = {}, std::size_t piece = 7) {
  return {std::make_unique<text_source>(std::move(text), piece), std::move(format)};
}

std::vector<std::string> rows_of(table_reader& table) {
  std::vector<std::string> out;
  table_row row;
  for (;;) {
    auto const got = table.next(row);
    REQUIRE(got);
    if (!*got) return out;
    out.push_back(std::to_string(row.number) + ' ' +
                  (row.complete ? std::string{row.id} + '|' + std::string{row.type} + '|' +
                                      std::string{row.url}
                                : "incomplete"));
  }
}

}  // namespace

TEST_CASE("columns are found by the header's names, whatever their order") {
  auto table = reading(
      "\xEF\xBB\xBFidentifier\ttitle\tGBIFID\ttype\r\nu1\tt\t1\tStillImage\r\n\n"
      "u2\tt\t2\n3\nu4\t\"stray\t4\tSound");
  REQUIRE(table.start());
  CHECK(rows_of(table) ==
        std::vector<std::string>{"2 1|StillImage|u1", "4 2||u2", "5 incomplete", "6 4|Sound|u4"});
}

TEST_CASE("a stray quote swallows nothing: only a table that says so is quoted") {
  std::string const text = "1\t\"u1\n2\tu2\"\n";
  auto plain = reading(text, format_of('\t', 0, 0));
  REQUIRE(plain.start());
  CHECK(rows_of(plain) == std::vector<std::string>{"1 1||\"u1", "2 2||u2\""});
}

TEST_CASE("quoted values may hold delimiters, line ends and doubled quotes") {
  auto table = reading("id,url\n1,\"a,b\"\n2,\"a\nb\"\"c\"\n\"3\",plain\n", format_of(',', '"', 1));
  REQUIRE(table.start());
  CHECK(rows_of(table) == std::vector<std::string>{"2 1||a,b", "3 2||a\nb\"c", "4 3||plain"});
}

TEST_CASE("in a quoted table a quote counts at a field's start only, and must be closed") {
  auto table = reading("1,5\" pot\n2,\"a\"\n3,x\"y\"\n", format_of(',', '"', 0));
  REQUIRE(table.start());
  CHECK(rows_of(table) == std::vector<std::string>{"1 1||5\" pot", "2 2||a", "3 3||x\"y\""});
  auto open = reading("1,\"a\n2,b\n3,c\n", format_of(',', '"', 0));
  REQUIRE(open.start());
  table_row row;
  auto const got = open.next(row);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::bad_archive);
}

TEST_CASE("what a table's meta gives for all rows holds where there is no column") {
  auto format = format_of('\t', 0, 0);
  format.default_type = "Sound";
  auto table = reading("1\tu\n", format);
  REQUIRE(table.start());
  CHECK(rows_of(table) == std::vector<std::string>{"1 1|Sound|u"});
}

TEST_CASE("a row without an end is not kept in memory") {
  auto const endless = std::string(9'000'000, 'x');
  auto table = reading("gbifID\tidentifier\n1\ta\n" + endless + "\n2\tb\n", {}, 1 << 20);
  REQUIRE(table.start());
  CHECK(rows_of(table) == std::vector<std::string>{"2 1||a", "3 incomplete", "4 2||b"});
}

TEST_CASE("reading goes on at any row") {
  std::string text = "gbifID\tidentifier\n";
  for (int i = 1; i <= 50; ++i) text += std::to_string(i) + "\tu" + std::to_string(i) + "\n";
  auto const piece = GENERATE(3, 64, 100'000);
  auto whole = reading(text, {}, static_cast<std::size_t>(piece));
  REQUIRE(whole.start());
  table_row row;
  for (int i = 0; i < 20; ++i) REQUIRE(whole.next(row));
  auto rest = reading(text, {}, static_cast<std::size_t>(piece));
  REQUIRE(rest.start());
  REQUIRE(rest.resume(whole.position(), whole.line()));
  CHECK(rows_of(rest) == rows_of(whole));
}

TEST_CASE("what has no header that we know is refused") {
  auto const text = GENERATE(as<std::string>{}, "", "id\turl\n1\tu\n", "gbifID\turl\n",
                             "<html><body>Not found</body></html>\n");
  auto table = reading(text);
  auto const started = table.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == errc::bad_archive);
}
