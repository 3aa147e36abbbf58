// SPDX-License-Identifier: MIT
#include "unit/events/page_fixture.hpp"

using namespace vinny;
using namespace vinny::page_fixture;

using names = std::vector<std::string>;

TEST_CASE("An event in JSON-LD becomes an event at its venue") {
  auto const e = only(read(json_ld(R"({
    "@context": "https://schema.org", "@type": "MusicEvent",
    "name": "Dom Dolla &amp;amp; Friends", "description": "<p>Come <b>early</b></p>",
    "startDate": "2027-06-12T22:30:00-07:00", "doorTime": "2027-06-12T21:00:00-07:00",
    "eventStatus": "https://schema.org/EventScheduled",
    "location": {"@type": "Place", "name": "The Velvet House",
                 "address": {"@type": "PostalAddress", "addressLocality": "Reno"}},
    "performer": [{"@type": "Person", "name": "Dom Dolla"}, "MK", {"name": "dom dolla"}],
    "image": ["/img/a.jpg", "//cdn.example.net/b.jpg", "data:image/png;base64,AA"],
    "url": "https://example.org/event/dom-dolla/?utm_source=x#top"
  })")));
  CHECK(e.venue_tag == "house");
  CHECK(e.title == "Dom Dolla & Friends");
  CHECK(e.description == "Come early");
  CHECK(e.date == "2027-06-12");
  CHECK(e.time == "22:30");
  CHECK(e.starts_at == "2027-06-12T22:30:00-07:00");
  CHECK(e.status == event_status::scheduled);
  CHECK(e.performers == names{"Dom Dolla", "MK"});
  CHECK(e.images == names{"https://www.example.org/img/a.jpg", "https://cdn.example.net/b.jpg"});
  CHECK(e.url == "https://example.org/event/dom-dolla/");
  CHECK(e.source == event_source::json_ld);
}

TEST_CASE("JSON-LD is read in every shape that pages wrap it in") {
  std::string const event = R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12"})";
  for (
      auto const& block : {
          event,
          "[" + event + "]",
          R"({"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"x"},)" + event +
              "]}",
          R"({"@type":"WebPage","mainEntity":)" + event + "}",
          R"({"@type":"ItemList","itemListElement":[{"@type":"ListItem","item":)" + event + "}]}",
          R"({"@type":"NightClub","name":"The Velvet House","event":[)" + event + "]}",
          R"({"@type":"Organization","name":"Group","events":)" + event + "}",
          R"({"@type":"WebSite","name":"x"} )" + event,
          "<!-- " + event + " -->",
          "//<![CDATA[\n" + event + "\n//]]>",
          "/* <![CDATA[ */ " + event + " /* ]]> */",
          "<![CDATA[" + event + "]]>",
          "\xEF\xBB\xBF" + event + ";",
          std::string{R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12",})"},
          std::string{"{// note: "
                      "don't\n\"@type\":\"Event\",\"name\":\"Kygo\",\"startDate\":\"2027-06-12\"}"},
          std::string{"{\"@type\":\"Event\",\"name\":\"Kygo\",\"startDate\":\"2027-06-12\","
                      "\"description\":\"two\nlines\tand a \x01\"}"},
          std::string{
              R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12","x":"it\'s \ud83d"})"},
          std::string{"{&quot;@type&quot;:&quot;Event&quot;,&quot;name&quot;:&quot;Kygo&quot;,"
                      "&quot;startDate&quot;:&quot;2027-06-12&quot;}"},
          std::string{
              R"({"@type":["Thing","http://schema.org/DanceEvent"],"name":"Kygo","startDate":"2027-06-12"})"},
          std::string{
              R"({"@type":"schema:Festival","schema:name":"Kygo","schema:startDate":"2027-06-12"})"},
          std::string{R"({"@type":"EventSeries","name":"Kygo","startDate":"2027-06-12"})"},
          std::string{R"({"@type":"Event","name":["Kygo"],"startDate":{"@value":"2027-06-12"}})"},
          std::string{
              R"({"@type":"Event","name":{"@value":"Kygo","@language":"en"},"startDate":["2027-06-12"]})"},
      }) {
    CAPTURE(block);
    auto const e = only(read(json_ld(block)));
    CHECK(e.title == "Kygo");
    CHECK(e.date == "2027-06-12");
    CHECK(e.time.empty());
    CHECK(e.starts_at.empty());
    CHECK(e.performers == names{"Kygo"});
  }
}

TEST_CASE("The type of a JSON-LD script is compared without case and parameters") {
  auto const e =
      only(read("<script TYPE='Application/LD+JSON; charset=utf-8'>"
                R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12"})"
                "</script>"));
  CHECK(e.title == "Kygo");
}

TEST_CASE("What is no event, or only points at one, gives none") {
  for (auto const* block : {R"({"@type":"EventSeries","name":"Fridays"})",
                            R"({"@type":"EventVenue","name":"The Velvet House"})",
                            R"({"@type":"Person","name":"Event","startDate":"2027-06-12"})",
                            R"({"@type":"WebPage","about":{"@type":"Event","@id":"#gone"}})",
                            R"({"@type":"MusicGroup","name":"x"})", R"("Event")", R"([])"}) {
    CAPTURE(block);
    auto const reading = read(json_ld(block));
    CHECK(reading.events.empty());
    CHECK(reading.problems.empty());
  }
}

TEST_CASE("References by @id are followed") {
  auto const e = only(read(json_ld(R"({"@graph":[
    {"@type":"Event","@id":"#e","name":"Night","startDate":"2027-06-12",
     "performer":[{"@id":"#p"}],"location":{"@id":"#l"},"image":{"@id":"#i"}},
    {"@type":"WebPage","about":{"@id":"#e"}},
    {"@type":"Person","@id":"#p","name":"Fisher"},
    {"@type":"Place","@id":"#l","name":"The Velvet House"},
    {"@type":"ImageObject","@id":"#i","contentUrl":"https://example.org/f.jpg"}]})")));
  CHECK(e.performers == names{"Fisher"});
  CHECK(e.images == names{"https://example.org/f.jpg"});
}

TEST_CASE("A broken block is a problem only when it looks like an event") {
  std::string const good =
      R"(<script type="application/ld+json">{"@type":"Event","name":"Kygo","startDate":"2027-06-12"}</script>)";
  auto const event =
      read(R"(<script type="application/ld+json">{"@type":"Event","startDate": </script>)" + good);
  CHECK(event.events.size() == 1);
  CHECK(event.problems.size() == 1);
  auto const other =
      read(R"(<script type="application/ld+json">{"@type":"WebSite", </script>)" + good);
  CHECK(other.events.size() == 1);
  CHECK(other.problems.empty());
}

TEST_CASE("An event without a name or a readable start is a problem that names it") {
  struct row {
    std::string_view event;
    std::string_view said;
  };
  for (auto const& r : {
           row{R"({"@type":"Event","name":"Kygo","startDate":"next friday"})",
               "startDate 'next friday' cannot be read"},
           row{R"({"@type":"Event","name":"Kygo"})", "'Kygo': it has no startDate"},
           row{R"({"@type":"Event","startDate":"2027-06-12"})", "it has no name"},
           row{R"({"@type":"Event","name":"Kygo","startDate":"2027-02-30"})", "'2027-02-30'"},
       }) {
    CAPTURE(r.event);
    auto const reading = read(json_ld(r.event));
    CHECK(reading.events.empty());
    REQUIRE(reading.problems.size() == 1);
    CAPTURE(reading.problems.front());
    CHECK(reading.problems.front().find(r.said) != std::string::npos);
  }
}

TEST_CASE("Another source that gives the same event whole mends it") {
  auto const e = only(read(
      R"(<script type="application/ld+json">{"@type":"Event","name":"Kygo","startDate":"soon",
         "performer":"Kygo"}</script>
         <div itemscope itemtype="https://schema.org/Event"><span itemprop="name">Kygo</span>
         <meta itemprop="startDate" content="2027-06-12T22:00:00"></div>)"));
  CHECK(e.date == "2027-06-12");
  CHECK(e.time == "22:00");
  CHECK(e.source == event_source::json_ld);
}

TEST_CASE("Every event status is told, whatever the spelling") {
  struct row {
    std::string_view text;
    event_status expected;
  };
  for (auto const& r : {
           row{R"("https://schema.org/EventCancelled")", event_status::cancelled},
           row{R"("http://schema.org/EventPostponed")", event_status::postponed},
           row{R"("EventRescheduled")", event_status::rescheduled},
           row{R"("eventmovedonline")", event_status::moved_online},
           row{R"("schema:EventCanceled")", event_status::cancelled},
           row{R"({"@id":"https://schema.org/EventPostponed"})", event_status::postponed},
           row{R"(["EventRescheduled","EventMovedOnline"])", event_status::rescheduled},
           row{R"("EventScheduled")", event_status::scheduled},
           row{R"(7)", event_status::scheduled},
       }) {
    CAPTURE(r.text);
    auto const e = only(read(json_ld(
        R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12","previousStartDate":"2027-06-01",
            "eventStatus":)" +
        std::string{r.text} + "}")));
    CHECK(e.status == r.expected);
    CHECK(e.date == "2027-06-12");
  }
}

TEST_CASE("Named offers are table tiers, nameless ones are not") {
  auto const e = only(read(json_ld(R"x({"@type":"Event","name":"Kygo","startDate":"2027-06-12",
    "offers":[
      {"@type":"Offer","price":50,"url":"https://t.example.org"},
      {"@type":"Offer","name":"Dance Floor (up to 8 guests)","price":"$1,500.00",
       "availability":"https://schema.org/InStock"},
      {"@type":"AggregateOffer","lowPrice":1,"offers":[
        {"name":"Stage","priceSpecification":{"price":5000},"eligibleQuantity":{"maxValue":15},
         "availability":"http://schema.org/SoldOut"},
        {"name":"stage","price":1}]},
      {"@type":"AggregateOffer","name":"Cabana","lowPrice":"2500"}]})x")));
  std::vector<table_tier> const expected{
      {"Dance Floor (up to 8 guests)", 1500.0, 8, true},
      {"Stage", 5000.0, 15, false},
      {"Cabana", 2500.0, {}, {}},
  };
  CHECK(e.tiers == expected);
}

TEST_CASE("A title is the act when no performer is told, and is never split") {
  struct row {
    std::string title;
    std::string act;
  };
  for (auto const& r : {
           row{"Dom Dolla at The Velvet House", "Dom Dolla"},
           row{"Dom Dolla @ the Velvet House, Reno", "Dom Dolla"},
           row{"Dom Dolla Live at The Velvet House", "Dom Dolla"},
           row{"Kygo | The Velvet House | Tickets", "Kygo"},
           row{"Kygo \xE2\x80\x93 The Velvet House", "Kygo"},
           row{"The Velvet House presents: Kygo", "Kygo"},
           row{"Kygo - Saturday, June 12, 2027", "Kygo"},
           row{"Above & Beyond, Fisher b2b MK", "Above & Beyond, Fisher b2b MK"},
           row{"Lunch at Noon", "Lunch at Noon"},
           row{"The Velvet House", "The Velvet House"},
       }) {
    CAPTURE(r.title);
    auto const e = only(read(json_ld(R"({"@type":"Event","name":")" + r.title +
                                     R"(","startDate":"2027-06-12","performer":
                                     ["The Velvet House","TBA"]})")));
    CHECK(e.performers == names{r.act});
    CHECK(e.title == r.title);
  }
}

TEST_CASE("An event's own URL counts on its own site only") {
  struct row {
    std::string_view given;
    std::string_view url;
  };
  std::string const page = "https://www.example.org/event/one/";
  for (auto const& r : {
           row{"/event/two/?a=b#c", "https://www.example.org/event/two/"},
           row{"https://example.org/e?x=1&eventcode=EVE123456720270612&y=2",
               "https://example.org/e?eventcode=EVE123456720270612"},
           row{"https://tickets.example.net/1", page},
           row{"javascript:void(0)", page},
           row{"", page},
       }) {
    CAPTURE(r.given);
    auto const e =
        only(read(json_ld(R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12","url":")" +
                          std::string{r.given} + "\"}")));
    CHECK(e.url == r.url);
  }
}

TEST_CASE("Past events are counted by the venue's own day, not by UTC") {
  auto const page = [](std::string_view start) {
    return json_ld(R"({"@type":"Event","name":"Kygo","startDate":")" + std::string{start} + "\"}");
  };
  auto const at = *from_rfc3339("2027-06-12T05:30:00Z");  // June 11, 22:30 in Las Vegas
  auto const read_at = [&](std::string_view start) {
    return read_page(page(start), url::parse("https://example.org/").value(),
                     std::vector<venue>{house}, at);
  };
  CHECK(read_at("2027-06-11").events.size() == 1);
  CHECK(read_at("2027-06-10").past == 1);
  CHECK(read_at("2027-06-11T06:59:00Z").past == 1);
  CHECK(read_at("2027-06-11T07:00:00Z").events.size() == 1);
}

TEST_CASE("Two sets on one day are two events, one told twice is one") {
  std::string const head = R"({"@type":"Event","name":"Kygo","startDate":)";
  CHECK(read(json_ld("[" + head + R"("2027-06-12T14:00"},)" + head + R"("2027-06-12T22:00"}])"))
            .events.size() == 2);
  CHECK(read(json_ld("[" + head + R"("2027-06-12T22:00"},)" + head + R"("2027-06-12T22:00"}])"))
            .events.size() == 1);
}

TEST_CASE("A broken block that names an event is a problem, beside good blocks too") {
  std::string const good = json_ld(R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12"})");
  for (auto const* block : {
           R"({"@type":"MusicEvent","name":"Act 1","location":)",
           R"({"@type":"MusicEvent)",
           R"({"@type":["Thing","DanceEvent"],"name":"Act)",
           R"({"@type":["Thing",)"
           "\n"
           R"("http://schema.org/Festival")",
           R"({"@type":"https:\/\/schema.org\/Event","name":)",
           R"({"@type" : "schema:Event" "name":"Act 1"})",
           R"({"type":"Event","name":)",
           R"({'@type':'Hackathon','name':)",
           R"({@type: MusicEvent, name:)",
           R"({"@type:"Event","name":"Act 1"})",
           R"({"@type":"EventSeries","name":)",
           R"({"@graph":[{"@type":"WebSite"},{"@type":"CourseInstance","name":)",
           R"({&quot;@type&quot;:&quot;MusicEvent&quot;,&quot;name&quot;:)",
           R"({"@type":"WebSite","name":"x"}{"@type":"MusicEvent","name":)",
           R"({"@type":"","eventStatus":"https://schema.org/EventScheduled","startDate":)",
       }) {
    CAPTURE(block);
    auto const alone = read(json_ld(block));
    CHECK(alone.events.empty());
    REQUIRE(alone.problems.size() == 1);
    CHECK(alone.problems.front().starts_with("JSON-LD block 1 cannot be parsed"));
    auto const beside = read(good + json_ld(block));
    CHECK(beside.events.size() == 1);
    CHECK(beside.problems.size() == 1);
  }
}

TEST_CASE("A broken block that names no event has no consequence") {
  for (auto const* block : {
           R"({"@type":"BreadcrumbList","itemListElement":[{"name":"Events","item":)",
           R"({"@type":"Place","name":"Main Event)",
           R"({"@type":"Place","additionalType":"Event","name":)",
           R"({"@type":["Place","EventVenue"],"event_type":"Event","name":)",
           R"({"@type":{"name":"Event")",
           R"({"type":)",
           R"({"type")",
           R"(Fatal error: Event type not found in Event.php)",
           R"({"@type":"WebSite","name":"x"}; window.track('Event');)",
           "",
       }) {
    CAPTURE(block);
    auto const reading = read(json_ld(block));
    CHECK(reading.events.empty());
    CHECK(reading.problems.empty());
  }
}
