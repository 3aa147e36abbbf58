// SPDX-License-Identifier: MIT
//
// The published vectors: the examples of the S3 API reference ("Signature Calculations for the
// Authorization Header", "Authenticating Requests: Using Query Parameters"), and those of AWS's
// Signature Version 4 test suite that hold for S3: its path is neither normalised nor encoded
// twice.
#include "blob/s3/sigv4.hpp"

#include <catch2/catch.hpp>

#include "core/digest.hpp"
#include "core/percent.hpp"

using namespace vinny;

namespace {

sigv4_identity const of_s3{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                           .secret_access_key = secret{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
                           .region = "us-east-1"};
sigv4_identity const of_suite{
    .access_key_id = "AKIDEXAMPLE",
    .secret_access_key = secret{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
    .region = "us-east-1",
    .service = "service"};

instant at(char const* rfc3339) {
  return from_rfc3339(rfc3339).value();
}
auto const s3_day = at("2013-05-24T00:00:00Z");
auto const suite_day = at("2015-08-30T12:36:00Z");

sigv4_request s3_get(std::string path, query_list query, header_list more = {}) {
  sigv4_request out{.method = "GET",
                    .path = std::move(path),
                    .query = std::move(query),
                    .headers = {{"Host", "examplebucket.s3.amazonaws.com"},
                                {"x-amz-content-sha256", std::string{empty_payload}},
                                {"x-amz-date", "20130524T000000Z"}},
                    .payload_hash = std::string{empty_payload}};
  out.headers.insert(out.headers.end(), more.begin(), more.end());
  return out;
}

struct vector {
  char const* name;
  char const* method;
  char const* path;  // as it is sent
  query_list query;
  header_list headers;  // besides Host and X-Amz-Date
  char const* body;
  char const* header_form;
  char const* query_form;
};

std::string const unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::vector<vector> suite() {
  return {
      {"get-vanilla",
       "GET",
       "/",
       {},
       {},
       "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
       "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
      {"get-header-key-duplicate",
       "GET",
       "/",
       {},
       {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
       "",
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
       "3349ee0b81b4b589da0ff28a395c3591e04de515651dd74f298fa992d1507a97"},
      {"get-header-value-order",
       "GET",
       "/",
       {},
       {{"My-Header1", "value4"},
        {"My-Header1", "value1"},
        {"My-Header1", "value3"},
        {"My-Header1", "value2"}},
       "",
       "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
       "313720e71ca6202fdcfa9b20f88de01a4eb0638a83c833b1c184359a4eda864e"},
      {"get-header-value-trim",
       "GET",
       "/",
       {},
       {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
       "",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
       "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"},
      {"get-relative-unnormalized",
       "GET",
       "/example/..",
       {},
       {},
       "",
       "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282",
       "cbcb213b928a077e43275df47b500f1dfaa864ab3f5a18f6b95f4ff0938167ee"},
      {"get-relative-relative-unnormalized",
       "GET",
       "/example1/example2/../..",
       {},
       {},
       "",
       "dc33e0856fd4baca4d7aa2146c38958283844764f38c74252a333df5e613003b",
       "b45db0bfd1cf15003493b733e33aa208dd981bd0e63037a6ed953f71d2118a16"},
      {"get-slash-dot-slash-unnormalized",
       "GET",
       "/./",
       {},
       {},
       "",
       "68714168e6557f8f2de0ef956fc24dc2593a4bd2961f8df51898d8a134695145",
       "a9b13e8f3484d9505bf1a6f347219f8f35b0fe8f128ceea597efc146a3dfe90c"},
      {"get-slash-pointless-dot-unnormalized",
       "GET",
       "/./example",
       {},
       {},
       "",
       "beb03f223f7deae4146464f06e29eebbee9c8afbe15c290cf07aa8b119e14cff",
       "72b11f16d9530b18204bfb71f2d6ab085894c0ed8d352730a6e76234c58b5e10"},
      {"get-slash-unnormalized",
       "GET",
       "//",
       {},
       {},
       "",
       "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e",
       "b2a9542809db687769200f56a844a03f2bd0291d6eb90232d5101c6a579446cd"},
      {"get-slashes-unnormalized",
       "GET",
       "//example//",
       {},
       {},
       "",
       "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5",
       "822a5a9ba28072c5ab2bb4a6307d0c88276d40e49fec6b724c03fb4d4ba60fc2"},
      {"get-space-unnormalized",
       "GET",
       "/example%20space/",
       {},
       {},
       "",
       "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
       "7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6"},
      {"get-unreserved",
       "GET",
       "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       {},
       {},
       "",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
       "95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005"},
      {"get-utf8",
       "GET",
       "/%E1%88%B4",
       {},
       {},
       "",
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
       "10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44"},
      {"get-vanilla-empty-query-key",
       "GET",
       "/",
       {{"Param1", "value1"}},
       {},
       "",
       "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
       "49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de"},
      {"get-vanilla-query-order-encoded",
       "GET",
       "/",
       {{"Param-3", "Value3"}, {"Param", "Value2"}, {"ሴ", "Value1"}},
       {},
       "",
       "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
       "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"},
      {"get-vanilla-query-order-key-case",
       "GET",
       "/",
       {{"Param2", "value2"}, {"Param1", "value1"}},
       {},
       "",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
       "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5"},
      {"get-vanilla-query-unreserved",
       "GET",
       "/",
       {{unreserved, unreserved}},
       {},
       "",
       "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
       "8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf"},
      {"get-vanilla-utf8-query",
       "GET",
       "/",
       {{"ሴ", "bar"}},
       {},
       "",
       "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
       "0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600"},
      {"post-vanilla",
       "POST",
       "/",
       {},
       {},
       "",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
       "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b"},
      {"post-header-key-sort",
       "POST",
       "/",
       {},
       {{"My-Header1", "value1"}},
       "",
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
       "c09d07e0d55871f10f2a6d350d994acf6825a3cae70673d7def55616e6119dd7"},
      {"post-header-value-case",
       "POST",
       "/",
       {},
       {{"My-Header1", "VALUE1"}},
       "",
       "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
       "0698bc9e4f7f9139065ba2909c0e99da257e8e2a42492a097bcd46d792391fed"},
      {"post-vanilla-query",
       "POST",
       "/",
       {{"Param1", "value1"}},
       {},
       "",
       "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
       "a9ef26247f293bffe40eeff86a0480ba8c14d31503b2e0c3399e3a16bf1a3682"},
  };
}

}  // namespace

TEST_CASE("the examples of the S3 API reference: the header form") {
  SECTION("GET object, with a range") {
    auto const out = sign(of_s3, s3_get("/test.txt", {}, {{"Range", "bytes=0-9"}}), s3_day);
    CHECK(out.canonical_request ==
          "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
          "x-amz-content-sha256:"
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
          "x-amz-date:20130524T000000Z\n\nhost;range;x-amz-content-sha256;x-amz-date\n"
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(out.string_to_sign ==
          "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
          "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972");
    CHECK(out.authorization ==
          "AWS4-HMAC-SHA256 "
          "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
          "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
          "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }
  SECTION("PUT object") {
    auto const body = sha256_hex("Welcome to Amazon S3.");
    CHECK(body == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
    sigv4_request const put{.method = "PUT",
                            .path = '/' + uri_encode("test$file.text", true),
                            .headers = {{"Host", "examplebucket.s3.amazonaws.com"},
                                        {"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                        {"x-amz-date", "20130524T000000Z"},
                                        {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                                        {"x-amz-content-sha256", body}},
                            .payload_hash = body};
    CHECK(put.path == "/test%24file.text");
    CHECK(sign(of_s3, put, s3_day).signature ==
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }
  SECTION("GET bucket lifecycle") {
    CHECK(sign(of_s3, s3_get("/", {{"lifecycle", ""}}), s3_day).signature ==
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  }
  SECTION("GET bucket (list objects)") {
    CHECK(sign(of_s3, s3_get("/", {{"max-keys", "2"}, {"prefix", "J"}}), s3_day).signature ==
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }
}

TEST_CASE("the example of the S3 API reference: the query form") {
  sigv4_request const get{.method = "GET",
                          .path = "/test.txt",
                          .headers = {{"Host", "examplebucket.s3.amazonaws.com"}},
                          .payload_hash = std::string{unsigned_payload}};
  CHECK(presigned_query(of_s3, get, std::chrono::hours{24}, s3_day) ==
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2F"
        "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&"
        "X-Amz-SignedHeaders=host&X-Amz-Signature="
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST_CASE("the test suite of signature version 4") {
  for (auto const& one : suite()) {
    INFO(one.name);
    sigv4_request what{.method = one.method,
                       .path = one.path,
                       .query = one.query,
                       .headers = {{"Host", "example.amazonaws.com"}},
                       .payload_hash = sha256_hex(one.body)};
    what.headers.insert(what.headers.end(), one.headers.begin(), one.headers.end());
    auto const query = presigned_query(of_suite, what, std::chrono::hours{1}, suite_day);
    CHECK(query.substr(query.rfind('=') + 1) == one.query_form);
    what.headers.emplace_back("X-Amz-Date", "20150830T123600Z");
    CHECK(sign(of_suite, what, suite_day).signature == one.header_form);
  }
}

TEST_CASE("what differs gives another signature") {
  auto const base = sign(of_s3, s3_get("/a", {}), s3_day).signature;
  auto other = of_s3;
  other.region = "auto";
  CHECK(sign(other, s3_get("/a", {}), s3_day).signature != base);
  other = of_s3;
  other.secret_access_key = secret{"x"};
  CHECK(sign(other, s3_get("/a", {}), s3_day).signature != base);
  CHECK(sign(of_s3, s3_get("/b", {}), s3_day).signature != base);
  CHECK(sign(of_s3, s3_get("/a", {{"x", ""}}), s3_day).signature != base);
  auto tampered = s3_get("/a", {});
  tampered.payload_hash = sha256_hex("x");
  CHECK(sign(of_s3, tampered, s3_day).signature != base);
}

TEST_CASE("encoding: only the unreserved characters stay") {
  CHECK(uri_encode(unreserved, false) == unreserved);
  CHECK(uri_encode("a/b c+d", true) == "a/b%20c%2Bd");
  CHECK(uri_encode("a/b", false) == "a%2Fb");
  CHECK(uri_encode("%2F", true) == "%252F");
  CHECK(uri_encode("é", true) == "%C3%A9");
  CHECK(query_string({{"b", "2"}, {"a", "2"}, {"a", "1"}, {"A", ""}}) == "A=&a=1&a=2&b=2");
}
