// SPDX-License-Identifier: MIT
#include "blob/s3/s3_answer.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("an error document is read; anything else is none") {
  auto const said = parse_s3_error(
      R"(<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchBucket</Code><Message>The &lt;b&gt; is not there</Message><BucketName>x</BucketName><RequestId>tx1</RequestId></Error>)");
  REQUIRE(said);
  CHECK(said->code == "NoSuchBucket");
  CHECK(said->message == "The <b> is not there");
  CHECK(said->request_id == "tx1");
  for (auto const* body : {"", "plain", "<html><Code>x</Code></html>", "<Error></Error>",
                           "<Error><Code>Cut", "<Error><Code></Code></Error>"}) {
    CHECK_FALSE(parse_s3_error(body));
  }
}

TEST_CASE("a listing: encoded names, quoted tags, its next page") {
  auto const page = parse_object_page(
      R"(<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>t+/=</NextContinuationToken><Contents><Key>a%20b%2Fc+d%26</Key><ETag>&quot;0123&quot;</ETag><Size>12</Size><LastModified>2027-01-01T00:00:00.000Z</LastModified></Contents><Contents><Key>z</Key><Size>-1</Size></Contents></ListBucketResult>)");
  REQUIRE(page);
  REQUIRE(page->objects.size() == 2);
  CHECK(page->objects[0].key == "a b/c d&");
  CHECK(page->objects[0].etag == "0123");
  CHECK(page->objects[0].bytes == 12);
  CHECK(page->objects[1].bytes == 0);
  CHECK(page->next == "t+/=");
  auto const plain = parse_object_page(
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a%20b+c</Key></Contents>"
      "</ListBucketResult>");
  CHECK(plain->objects.at(0).key == "a%20b+c");
  CHECK(plain->next.empty());
}

TEST_CASE("a listing that says there is more, and not where, is refused: it would never end") {
  CHECK_FALSE(
      parse_object_page("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"));
  CHECK_FALSE(
      parse_part_page("<ListPartsResult><IsTruncated>true</IsTruncated></ListPartsResult>"));
  CHECK_FALSE(
      parse_upload_page("<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>"
                        "</ListMultipartUploadsResult>"));
  CHECK_FALSE(parse_object_page("<Error/>"));
  CHECK_FALSE(parse_object_page(""));
}

TEST_CASE("multipart documents") {
  CHECK(parse_upload_id("<InitiateMultipartUploadResult><Bucket>b</Bucket><UploadId>u-1</UploadId>"
                        "</InitiateMultipartUploadResult>") == "u-1");
  CHECK_FALSE(parse_upload_id("<InitiateMultipartUploadResult/>"));
  auto const parts = parse_part_page(
      "<ListPartsResult><Part><PartNumber>2</PartNumber><ETag>\"ab\"</ETag><Size>5</Size></Part>"
      "</ListPartsResult>");
  REQUIRE(parts);
  CHECK(parts->parts.at(0).number == 2);
  CHECK(parts->parts.at(0).etag == "ab");
  auto const open = parse_upload_page(
      "<ListMultipartUploadsResult><Upload><Key>k</Key><UploadId>u</UploadId><Initiated>2027-01-01T"
      "00:00:00Z</Initiated></Upload></ListMultipartUploadsResult>");
  CHECK(open->uploads.at(0).id == "u");
  CHECK(
      completion_document({{.number = 1, .etag = "x", .bytes = 0}}) ==
      R"(<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Part><PartNumber>1</PartNumber><ETag>&quot;x&quot;</ETag></Part></CompleteMultipartUpload>)");
  CHECK(parse_completed_etag("<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag>"
                             "</CompleteMultipartUploadResult>") == "e-2");
  // A 200 that became an error on its way.
  CHECK_FALSE(parse_completed_etag("<Error><Code>InternalError</Code></Error>"));
}

TEST_CASE("entity tags") {
  CHECK(bare_etag(" \"abc\" ") == "abc");
  CHECK(bare_etag("abc") == "abc");
  CHECK(bare_etag("\"") == "\"");
  CHECK(is_md5_etag("d41d8cd98f00b204e9800998ecf8427e"));
  CHECK_FALSE(is_md5_etag("d41d8cd98f00b204e9800998ecf8427e-2"));
  CHECK_FALSE(is_md5_etag(""));
}
