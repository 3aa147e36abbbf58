// SPDX-License-Identifier: MIT
#include "events/markup/charset.hpp"

#include "core/text.hpp"
#include "unit/events/page_fixture.hpp"

using namespace vinny;
using namespace vinny::page_fixture;

namespace {

std::string_view const html = "text/html";

/// ASCII as UTF-16, its high bytes zero.
std::string wide(std::string_view text, bool little) {
  std::string out = little ? "\xFF\xFE" : "\xFE\xFF";
  for (char const c : text) {
    if (little) out += c;
    out += '\0';
    if (!little) out += c;
  }
  return out;
}

}  // namespace

TEST_CASE("A page's encoding is that of its mark, its header, its markup, or a guess") {
  struct row {
    std::string_view type;
    std::string body;
    std::string_view text;
  };
  std::string const latin = "Ti\xEBsto";
  for (auto const& r : {
           // Nothing is said.
           row{"", "", ""},
           row{html, "Tiësto", "Tiësto"},
           row{html, latin, "Tiësto"},
           row{html, "\x93Kygo\x94 \x80", "“Kygo” €"},
           // The header.
           row{"text/html; charset=ISO-8859-1", latin + "\x92s", "Tiësto’s"},
           row{"text/html;charset=\"latin1\"", latin, "Tiësto"},
           row{"text/html; x=y; CHARSET = 'us-ascii' ; z", latin, "Tiësto"},
           row{"text/html; charset=utf-8", latin, "Ti\xEF\xBF\xBDsto"},
           row{"text/html; charset=UTF8", "Tiësto", "Tiësto"},
           row{"text/html; charset=windows-1252", "Tiësto", "TiÃ«sto"},
           row{"text/html; charset=iso-8859-15", "\xA4", "€"},
           row{"text/html; charset=iso-8859-2", "\xB9", "š"},
           row{"text/html; charset=windows-1251", "\xCC\xE8\xF0", "Мир"},
           row{"text/html; charset=koi8-r", "\xED\xC9\xD2", "Мир"},
           row{"text/html; charset=Shift_JIS", "\x93\xFA\\~", "日\\~"},
           row{"text/html; charset=euc-jp", "\xC6\xFC", "日"},
           row{"text/html; charset=gb2312", "\xC8\xD5", "日"},
           row{"text/html; charset=big5", "\xA4\xE9", "日"},
           row{"text/html; charset=euc-kr", "\xC7\xD1", "한"},
           // Labels that are not known, or that no markup is written in.
           row{"text/html; charset=", latin, "Tiësto"},
           row{"text/html; charset=klingon", "Tiësto", "Tiësto"},
           row{"text/html; charset=klingon", latin, "Tiësto"},
           row{"text/html; charset=utf-7", "+ADw-", "+ADw-"},
           row{"text/html; charset=utf-16", latin, "Tiësto"},
           row{"text/html; charset=utf-32le", latin, "Tiësto"},
           row{"text/html; charset=ebcdic-us", latin, "Tiësto"},
           row{"text/html; charset=wchar_t", latin, "Tiësto"},
           row{"text/html; charset=koi8-r//TRANSLIT", latin, "Tiësto"},
           row{"text/html; charset=../../etc/x", latin, "Tiësto"},
           row{"text/html; charsets=koi8-r", latin, "Tiësto"},
           // The mark wins.
           row{"text/html; charset=koi8-r", "\xEF\xBB\xBFTiësto", "Tiësto"},
           row{"", "\xEF\xBB\xBF\xFFx", "\xEF\xBF\xBDx"},
           row{"text/html; charset=utf-8", wide("<p>Kygo", true), "<p>Kygo"},
           row{html, wide("<p>Kygo", false), "<p>Kygo"},
           row{html, {"\xFF\xFE\x3D\xD8\xA7\xDF\x00\xD8x\x00y", 11}, "🞧\xEF\xBF\xBDx\xEF\xBF\xBD"},
           row{"text/html; charset=windows-1255", "\xF9", "ש"},
           // Invalid sequences.
           row{"text/html; charset=euc-jp", "a\xFF<b", "a\xEF\xBF\xBD<b"},
           row{"text/html; charset=euc-jp", "a\xC6", "a\xEF\xBF\xBD"},
           row{"text/html; charset=shift_jis", "\x93<b", "\xEF\xBF\xBD<b"},
       }) {
    CAPTURE(r.type, r.body);
    CHECK(to_utf8(r.body, r.type) == r.text);
  }
}

TEST_CASE("A meta element tells the encoding, within the first 1,024 bytes") {
  struct row {
    std::string_view head;
    std::string_view text;
  };
  std::string const letter = "\xCC";  // М in windows-1251, Ì in windows-1252
  std::string const far(1100, ' ');
  for (auto const& r : {
           row{"<meta charset=windows-1251>", "М"},
           row{"<META class=x CharSet = 'windows-1251' />", "М"},
           row{"<meta\n/charset=\"windows-1251\">", "М"},
           row{"<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>", "М"},
           row{"<meta content='text/html;charset=windows-1251' http-equiv=content-type>", "М"},
           row{"<meta name=x><meta charset=klingon><meta charset=windows-1251>", "М"},
           row{"<!-- > <meta charset=koi8-r> --><meta charset=windows-1251>", "М"},
           row{"<!--><meta charset=windows-1251>", "М"},
           row{"<meta charset=utf-8>", "\xEF\xBF\xBD"},
           row{"<meta charset=utf-16>", "\xEF\xBF\xBD"},
           row{"<meta name=description content='charset=windows-1251'>", "Ì"},
           row{"<meta content='text/html; charset=windows-1251'>", "Ì"},
           row{"<meta http-equiv=refresh content='0; charset=windows-1251'>", "Ì"},
           row{"<metadata charset=windows-1251>", "Ì"},
           row{"<p charset=windows-1251>", "Ì"},
           row{"<!-- <meta charset=windows-1251>", "Ì"},
           row{"<meta charset=\"windows-1251>", "Ì"},
           row{"<meta charset>", "Ì"},
           row{"<meta", "Ì"},
           row{"<meta ", "Ì"},
           row{"<meta charset=", "Ì"},
       }) {
    CAPTURE(r.head);
    auto const text = to_utf8(std::string{r.head} + letter, html);
    CHECK(text == std::string{r.head} + std::string{r.text});
  }
  auto const late = far + "<meta charset=windows-1251>";
  CHECK(to_utf8(late + letter, html) == late + "Ì");
  auto const early = "<meta charset=windows-1251>" + far;
  CHECK(to_utf8(early + letter, html) == early + "М");
  CHECK(to_utf8("<meta charset=windows-1251>\xEB", "text/html; charset=koi8-r") ==
        "<meta charset=windows-1251>К");
}

TEST_CASE("Any bytes in any encoding become valid UTF-8 of bounded length") {
  std::string bytes;
  for (unsigned i = 0; i < 256 * 200; ++i) bytes += static_cast<char>((i * i / 3 + i / 7) & 0xFF);
  for (auto const* label :
       {"utf-8", "windows-1252", "shift_jis", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr",
        "tscii", "hz-gb-2312", "iso-2022-kr", "johab", "armscii-8", "utf-16le", ""}) {
    CAPTURE(label);
    for (std::string const mark : {"", "\xFF\xFE", "\xFE\xFF", "\xEF\xBB\xBF"}) {
      auto const text = to_utf8(mark + bytes, std::string{"text/html; charset="} + label);
      CHECK(text.size() <= (mark.size() + bytes.size()) * 4);
      auto const plain = drop_controls(text);
      CHECK(valid_utf8(plain) == plain);
    }
  }
}

TEST_CASE("Invalid bytes without end are read in linear time") {
  std::string const bytes(2'000'000, '\xFF');
  CHECK(to_utf8(bytes, "text/html; charset=euc-jp").size() == bytes.size() * 3);
}

TEST_CASE("An event is read from a page in another encoding") {
  auto const page = json_ld(
      "{\"@type\":\"Event\",\"name\":\"Ti\xEBsto\",\"startDate\":"
      "\"2027-06-12\"}");
  auto const at = url::parse("https://www.example.org/event/one/").value();
  std::vector<venue> const venues{house};
  CHECK(only(read_page(page, at, venues, today())).title == "Tiësto");
  CHECK(only(read_page(page, at, venues, today(), "text/html; charset=koi8-r")).title == "TiКsto");
  auto const utf16 =
      wide(json_ld(R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12"})"), true);
  CHECK(only(read_page(utf16, at, venues, today(), "text/html")).title == "Kygo");
}
