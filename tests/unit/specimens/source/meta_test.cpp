// SPDX-License-Identifier: MIT
#include "specimens/source/meta.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

std::string archive(std::string const& tables) {
  return "<?xml version=\"1.0\"?><archive xmlns=\"http://rs.tdwg.org/dwc/text/\" "
         "metadata=\"metadata.xml\">" +
         tables + "</archive>";
}
std::string const core =
    "<core rowType=\"http://rs.tdwg.org/dwc/terms/Occurrence\"><files><location>occurrence.txt"
    "</location></files><id index=\"0\"/></core>";

std::string media(std::string const& attributes, std::string const& fields,
                  std::string const& type = "http://rs.gbif.org/terms/1.0/Multimedia") {
  return "<extension rowType=\"" + type + "\" " + attributes +
         "><files><location>multimedia.txt</location></files><coreid index=\"0\"/>" + fields +
         "</extension>";
}
std::string const gbif_attributes =
    R"(encoding="UTF-8" fieldsTerminatedBy="\t" linesTerminatedBy="\n" fieldsEnclosedBy="" )"
    R"(ignoreHeaderLines="1")";
std::string const fields =
    "<field index=\"1\" term=\"http://purl.org/dc/terms/type\"/>"
    "<field index=\"3\" term=\"http://purl.org/dc/terms/identifier\"/>";

}  // namespace

TEST_CASE("GBIF's own meta.xml") {
  auto const read = read_meta(archive(core + media(gbif_attributes, fields)));
  REQUIRE(read);
  CHECK(read->files == std::vector<std::string>{"multimedia.txt"});
  CHECK(read->delimiter == '\t');
  CHECK(read->quote == 0);
  CHECK(read->header_lines == 1);
  CHECK(read->id == 0);
  CHECK(read->url == 3);
  CHECK(read->type == 1);
}

TEST_CASE("what is not said has the text guide's defaults") {
  auto const read = read_meta(
      archive(media("",
                    "<field index=\"2\" term=\"http://rs.tdwg.org/ac/terms/accessURI\"/>"
                    "<field default=\"StillImage\" term=\"http://purl.org/dc/terms/type\"/>"
                    "<field index=\"9\" term=\"http://purl.org/dc/terms/identifier\"/>"
                    "<field index=\"5\" term=\"http://rs.gbif.org/terms/1.0/gbifID\"/>",
                    "http://rs.tdwg.org/ac/terms/Multimedia")));
  REQUIRE(read);
  CHECK(read->delimiter == ',');
  CHECK(read->quote == '"');
  CHECK(read->header_lines == 0);
  CHECK(read->id == 5);
  CHECK(read->url == 2);
  CHECK(read->type == -1);
  CHECK(read->default_type == "StillImage");
}

TEST_CASE("what cannot be read is refused with its reason") {
  struct row {
    std::string xml;
    std::string reason;
  };
  auto const one = GENERATE_COPY(values<row>({
      {"", "no XML"},
      {"<x/>", "root"},
      {archive(core), "it has: Occurrence"},
      {archive(""), "it has: nothing"},
      {archive(media(gbif_attributes, "")), "no column of addresses"},
      {archive(media("encoding=\"UTF-16\"", fields)), "UTF-16"},
      {archive(media("fieldsTerminatedBy=\"||\"", fields)), "one character"},
      {archive(media("linesTerminatedBy=\"\\r\"", fields)), "lines must end"},
  }));
  auto const read = read_meta(one.xml);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::bad_archive);
  CHECK_THAT(read.error().message, Catch::Contains(one.reason));
}
