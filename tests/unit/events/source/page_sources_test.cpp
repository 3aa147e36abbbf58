// SPDX-License-Identifier: MIT
#include <algorithm>

#include "unit/events/page_fixture.hpp"

using namespace vinny;
using namespace vinny::page_fixture;

using names = std::vector<std::string>;

namespace {

constexpr std::string_view calendar = R"(<table class="uv-calendar-table"><tr>
  <td class=" uvtddate-2027-06-12 uvsingleevent"><div class="datelabel">Jun 12</div>
    <a href="/m/event/1/2/fridays?eventcode=EVE149564700020270612" class="flyer uvev-sdate-270612"
       data-folder="https://venueeventartist.com/imateq/event/512/14/409/" data-file="99.jpeg">
      <div class="uv-cellover"><div class="uv-celloverinner"><div class="ddate">Sat, Jun 12</div>
      <div class="name">DJ&#039;s &amp; Friends</div></div></div></a></td>
  <td class="uvtddate-2027-06-13"><a class="datelink" href="/m/?eventcode=EVE149564700020270613">
      <span>Book</span></a></td>
  <td class="uvtddate-2027-06-14">
    <a class="flyer" href="/event/EVE149564700020270614/a/"><div class="name">Early</div></a>
    <a class="flyer" href="/event/EVE149564700120270614/b/"><div class="name">Late</div></a></td>
  <td class="uvtddate-2027-05-30"><a class="flyer" href="/x"><div class="name">Gone</div></a></td>
</tr></table>)";

}  // namespace

TEST_CASE("Calendar cells give one event a flyer, and none for a booking link") {
  auto const reading = read(calendar);
  CHECK(reading.past == 1);
  CHECK(reading.problems.empty());
  REQUIRE(reading.events.size() == 3);
  auto const& first = reading.events[0];
  CHECK(first.title == "DJ's & Friends");
  CHECK(first.performers == names{"DJ's & Friends"});
  CHECK(first.date == "2027-06-12");
  CHECK(first.time.empty());
  CHECK(first.external_id == "EVE149564700020270612");
  CHECK(first.url == "https://www.example.org/m/event/1/2/fridays?eventcode=EVE149564700020270612");
  CHECK(first.images ==
        names{"https://venueeventartist.com/imateq/event/512/14/409/500SC0/99.jpeg"});
  CHECK(first.source == event_source::calendar);
  CHECK(reading.events[1].title == "Early");
  CHECK(reading.events[2].title == "Late");
  CHECK(reading.events[2].date == "2027-06-14");
}

TEST_CASE("List items are read with their venue, name, date and image") {
  auto const reading = read(R"(<ul>
    <li class="eventItem EVE121488100020270612" aria-label="Kygo - XS Nightclub">
      <a class="uv-boxitem" href="/event/EVE121488100020270612/kygo/" aria-label="Book now">
        <div class="uv-lazyimage" data-bg="/img/kygo.jpg"></div></a>
      <div class="uv-events-venue">XS Nightclub</div></li>
    <li class="eventitem"><a href="/event/EVE-SUP7FH/supper/">More info</a>
      <time datetime="2027-06-13"></time><h3 class="uv-event-name-title">Supper</h3>
      <span class="venueurl">Encore Beach Club</span><img src="data:x" data-src="/img/s.jpg"></li>
    <li class="eventitem"><a href="/event/EVE-SUP7FH/supper/">Supper</a>
      <time datetime="2027-06-13"></time><span class="venueurl">Encore Beach Club</span></li>
    <li class="eventitem"><a href="/event/EVE-NODATE/x/">Nothing with a date</a></li>
    <li class="eventitem"><a href="/event/EVE121488100020270612/again/">Kygo again</a></li>
    <li class="eventitem"><a href="/event/EVE121488100020270615/z/">Book now</a></li></ul>
    <div class="uws-event-list-item" data-eventcode="EVE121488100020270614">
      <span class="venueurl"><span>Nightlife</span></span><div class="uv-ev-venue">XS</div>
      <div class="uv-event-name-title">Diplo</div><div class="uwsdtime">10:30 PM</div>
      <a class="hd-link" href="/event/EVE121488100020270614/diplo/">Tickets</a></div>)",
                            {xs, ebc}, "https://www.example.org/events/");
  CHECK(reading.problems.empty());
  REQUIRE(reading.events.size() == 3);
  auto const& kygo = reading.events[0];
  CHECK(kygo.title == "Kygo");
  CHECK(kygo.venue_tag == "xs");
  CHECK(kygo.date == "2027-06-12");
  CHECK(kygo.external_id == "EVE121488100020270612");
  CHECK(kygo.images == names{"https://www.example.org/img/kygo.jpg"});
  auto const& supper = reading.events[1];
  CHECK(supper.title == "Supper");
  CHECK(supper.venue_tag == "ebc");
  CHECK(supper.date == "2027-06-13");
  CHECK(supper.external_id == "EVE-SUP7FH");
  CHECK(supper.images == names{"https://www.example.org/img/s.jpg"});
  auto const& diplo = reading.events[2];
  CHECK(diplo.title == "Diplo");
  CHECK(diplo.venue_tag == "xs");
  CHECK(diplo.starts_at == "2027-06-14T22:30:00-07:00");
}

TEST_CASE("Microdata is read with nested items, attributes and itemref") {
  auto const e = only(read(R"(
    <div itemscope itemtype="http://schema.org/MusicEvent" itemref="more">
      <h1 itemprop="name">Disclosure <i>DJ set</i></h1>
      <time itemprop="startDate" datetime="2027-06-12T22:00">Saturday</time>
      <a itemprop="url" href="/event/disclosure/?x=1"><img itemprop="image" src="/d.jpg"></a>
      <link itemprop="eventStatus" href="https://schema.org/EventPostponed">
      <div itemprop="location" itemscope itemtype="http://schema.org/Place">
        <span itemprop="name">The Velvet House</span></div>
      <div itemprop="performer" itemscope itemtype="http://schema.org/MusicGroup">
        <span itemprop="name">Disclosure</span></div>
      <div itemprop="offers" itemscope><meta itemprop="name" content="Booth">
        <span itemprop="price">$900</span></div>
    </div>
    <p id="more"><span itemprop="performer">Kaytranada</span></p>)"));
  CHECK(e.title == "Disclosure DJ set");
  CHECK(e.time == "22:00");
  CHECK(e.url == "https://www.example.org/event/disclosure/");
  CHECK(e.images == names{"https://www.example.org/d.jpg"});
  CHECK(e.status == event_status::postponed);
  CHECK(e.performers == names{"Disclosure", "Kaytranada"});
  CHECK(e.tiers == std::vector<table_tier>{{"Booth", 900.0, {}, {}}});
  CHECK(e.source == event_source::microdata);
}

TEST_CASE("Open Graph alone makes an event only of an event's page") {
  auto const page = [](std::string_view more) {
    return R"(<head><meta property="og:title" content="Kygo | XS Nightclub">
      <meta property="og:image" content="/kygo.jpg">)" +
           std::string{more} + "</head>";
  };
  std::string const dated = "https://www.example.org/event/EVE121488100020270612/kygo/";

  auto const by_code = only(read(page(""), {house}, dated));
  CHECK(by_code.date == "2027-06-12");
  CHECK(by_code.external_id == "EVE121488100020270612");
  CHECK(by_code.images == names{"https://www.example.org/kygo.jpg"});
  CHECK(by_code.source == event_source::open_graph);

  auto const by_meta = only(read(page(R"(<meta property="og:type" content="event">
      <meta property="event:start_time" content="2027-06-12T22:30:00-07:00">)")));
  CHECK(by_meta.time == "22:30");

  auto const at_xs = only(read(page("<time datetime='2027-06-12T22:30'></time>"), {xs}));
  CHECK(at_xs.performers == names{"Kygo"});

  std::string const time = "<time datetime='2027-06-12T22:30'></time>";
  CHECK(read(page(time), {house}).events.empty());
  CHECK(read(page(R"(<meta property="og:type" content="article">)" + time), {xs}).events.empty());
  CHECK(read(page(""), {xs}).events.empty());
  CHECK(read(page(""), {house}, "https://www.example.org/event/EVE121488100020270512/").past == 1);
}

TEST_CASE("Lower sources fill what the higher one lacks, and add events of their own") {
  auto const reading = read(
      R"(<head><meta property="og:title" content="Other words"><meta property="og:image" content="/og.jpg">
      <script type="application/ld+json">{"@type":"Event","name":"DJ's & Friends",
       "startDate":"2027-06-12T22:00:00"}</script></head>)" +
          std::string{calendar},
      {house}, "https://www.example.org/event/EVE149564700020270612/");
  REQUIRE(reading.events.size() == 3);
  auto const& first = reading.events[0];
  CHECK(first.source == event_source::json_ld);
  CHECK(first.title == "DJ's & Friends");
  CHECK(first.time == "22:00");
  CHECK(first.external_id == "EVE149564700020270612");
  CHECK(first.images == names{"https://venueeventartist.com/imateq/event/512/14/409/500SC0/99.jpeg",
                              "https://www.example.org/og.jpg"});
  CHECK(reading.events[1].images.empty());
}

TEST_CASE("The table map's items are the tiers of the page's event") {
  std::string const event = R"(<script type="application/ld+json">
    {"@type":"Event","name":"Kygo","startDate":"2027-06-12"}</script>)";
  for (
      auto const* script : {
          R"(var uv_tablesitems = [{"name":"Dance Floor; \"A\"","min_spend":"1,500","guests":8,"available":1},
               {"title":"Stage","price":5000,"capacity":"15","status":"soldout"},{"id":4}]; go();)",
          R"(window.x = {"uv_tablesitems": {"items": {"1": {"item_name":"Dance Floor; \"A\"","minimum":1500,
               "maxguests":8,"status":"available"},"2":{"name":"Stage","minspend":"$5000","guests":15,"available":false}}}};)",
          R"(var uv_tablesitems = JSON.parse('[{"name":"Dance Floor; \\"A\\"","price":1500,"guests":8,"available":true},{"name":"Stage","price":5000,"guests":15,"available":false}]');)",
          R"(var uv_tablesitems = [{name:'Dance Floor; "A"',price:1500,guests:8,available:true},
               {name:'Stage',price:5000,guests:15,available:false,},];)",
      }) {
    CAPTURE(script);
    auto const e = only(read(event + "<script>" + script + "</script>"));
    std::vector<table_tier> const expected{{"Dance Floor; \"A\"", 1500.0, 8, true},
                                           {"Stage", 5000.0, 15, false}};
    CHECK(e.tiers == expected);
  }
  CHECK(only(read(event + "<script>var uv_tablesitems = [{\"name\":\"x\",\"price\":1</script>"))
            .tiers.empty());
}
