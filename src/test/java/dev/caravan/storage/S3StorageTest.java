package dev.caravan.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3StorageTest {
  @TempDir Path directory;
  private FakeS3 s3;
  private Storage storage;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    s3 = new FakeS3();
    storage = Places.open("s3://bucket/some/prefix/", s3.endpoint(), FakeS3.ENVIRONMENT);
    file = Files.writeString(directory.resolve("file"), "pages".repeat(100_000));
  }

  @AfterEach
  void close() {
    s3.close();
  }

  @Test
  void anObjectIsPutListedReadAndDeleted() throws IOException {
    for (int number = 1; number <= 8; number++) {
      storage.put("20261126T000000Z-0/segment " + number + "~ä+.pages", file);
    }
    storage.putText("owner", "it's me");

    assertThat(storage.toString()).isEqualTo("s3://bucket/some/prefix");
    assertThat(storage.list("20261126T000000Z-0/"))
        .as("three pages of a list")
        .hasSize(8)
        .isSorted()
        .contains("20261126T000000Z-0/segment 3~ä+.pages");
    assertThat(storage.text("owner")).isEqualTo("it's me");
    assertThat(storage.text("nobody")).isNull();
    try (var content = storage.open("20261126T000000Z-0/segment 3~ä+.pages")) {
      assertThat(content.readAllBytes()).isEqualTo(Files.readAllBytes(file));
    }
    storage.delete("owner");
    storage.delete("owner");
    s3.missesDeleted = true;
    storage.delete("owner");
    assertThat(storage.list("")).hasSize(8);
    assertThatThrownBy(() -> storage.open("gone")).isInstanceOf(FileNotFoundException.class);
    assertThat(s3.objects).containsKey("some/prefix/20261126T000000Z-0/segment 1~ä+.pages");
  }

  @ParameterizedTest
  @ValueSource(strings = {"503", "cut"})
  void aPassingFailureIsTriedAgain(String failure) throws IOException {
    s3.failures.addAll(List.of(failure, failure));

    storage.put("segment", file);

    assertThat(s3.objects.get("some/prefix/segment")).isEqualTo(Files.readAllBytes(file));
    assertThat(s3.requests).containsEntry("PUT", 3);
  }

  @Test
  void aServerThatStaysBusyIsReportedAsBusy() {
    s3.failures.addAll(List.of("503", "503", "503", "503"));

    assertThatThrownBy(() -> storage.put("segment", file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "s3://bucket/some/prefix answered 503 SlowDown (Please reduce your request rate.)");
    assertThat(s3.objects).isEmpty();
  }

  /** Whoever ships tries again by itself, and says it before. */
  @Test
  void aServerThatTakesWhatIsSentAndNeverAnswersIsNotAwaited() throws IOException {
    Storage impatient = impatient();
    s3.failures.add("silent");

    Files.writeString(file, "pages");

    assertThatThrownBy(() -> impatient.put("segment", file))
        .hasMessage("the server has not answered for 0 s");
    assertThat(s3.requests).containsEntry("PUT", 1);

    storage.put("segment", file);
    assertThat(s3.objects.get("some/prefix/segment")).asString(UTF_8).isEqualTo("pages");
  }

  @Test
  void anAnswerThatStopsInItsMiddleIsNotAwaited() throws IOException {
    storage.putText("owner", "it's me");
    s3.stalls = true;

    assertThatThrownBy(() -> impatient().text("owner"))
        .hasMessage("the server has not answered for 0 s");
  }

  private Storage impatient() {
    return new S3Storage(
        new S3Address(URI.create(s3.endpoint()), "eu-central-1", "bucket", true),
        S3Credentials.from(FakeS3.ENVIRONMENT),
        "some/prefix",
        Duration.ofMillis(300));
  }

  @Test
  void aRefusedRequestIsNotTriedAgain() throws IOException {
    Storage other =
        Places.open(
            "s3://bucket/prefix",
            s3.endpoint(),
            Map.of("AWS_ACCESS_KEY_ID", "other", "AWS_SECRET_ACCESS_KEY", "other secret"));

    assertThatThrownBy(() -> other.list(""))
        .hasMessageContaining("answered 403 SignatureDoesNotMatch")
        .hasMessageNotContaining("other secret");
    assertThat(s3.requests).containsEntry("GET", 1);
    assertThatThrownBy(
            () -> Places.open("s3://elsewhere", s3.endpoint(), FakeS3.ENVIRONMENT).list(""))
        .hasMessageContaining("answered 404 NoSuchBucket");
  }

  @Test
  void aRequestIsSignedAsAmazonsOwnLibrarySignsIt() {
    S3Address amazon =
        new S3Address(
            URI.create("https://s3.eu-central-1.amazonaws.com"), "eu-central-1", "bucket", false);
    S3Signature signature = new S3Signature(S3Credentials.from(FakeS3.ENVIRONMENT), "eu-central-1");
    Instant now = Instant.parse("2026-11-26T03:00:00Z");
    for (URI uri :
        List.of(
            amazon.of("a/b c~ä*+.pages", Map.of()),
            amazon.of(
                "", Map.of("list-type", "2", "prefix", "a/b c&=", "continuation-token", "x/+=")))) {
      byte[] body = "body".getBytes(UTF_8);
      String hash = S3Signature.sha256("body");

      assertThat(signature.headers("PUT", uri, hash, Map.of(), now).get("authorization"))
          .isEqualToIgnoringWhitespace(FakeS3.authorization("PUT", uri, body, now));
    }
    assertThat(amazon.of("key", Map.of()))
        .hasToString("https://bucket.s3.eu-central-1.amazonaws.com/key");
  }

  /** The example in Amazon's documentation of "GET Object". */
  @Test
  void theDocumentedExampleHasItsSignature() {
    S3Signature signature =
        new S3Signature(
            new S3Credentials(
                "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""),
            "us-east-1");

    Map<String, String> headers =
        signature.headers(
            "GET",
            URI.create("https://examplebucket.s3.amazonaws.com/test.txt"),
            S3Signature.sha256(""),
            Map.of("Range", "bytes=0-9"),
            Instant.parse("2013-05-24T00:00:00Z"));

    assertThat(headers.get("authorization"))
        .endsWith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void thePathOfAnEndpointComesBeforeTheBucket() {
    URI endpoint = URI.create("https://host/storage/v1/s3/");

    assertThat(new S3Address(endpoint, "local", "bucket", true).of("a/b", Map.of()))
        .hasToString("https://host/storage/v1/s3/bucket/a/b");
  }

  @Test
  void anAddressThatCannotBeUsedSaysWhy() {
    assertThatThrownBy(() -> Places.open("ftp://x", "", Map.of()))
        .hasMessage("'ftp://x' is neither file:/DIRECTORY nor s3://BUCKET/PREFIX.");
    assertThatThrownBy(() -> Places.open("file:backup", "", Map.of()))
        .hasMessageContaining("is not an absolute path");
    assertThatThrownBy(() -> Places.open("s3:bucket", "", Map.of()))
        .hasMessageContaining("names no bucket");
    assertThatThrownBy(() -> Places.open("s3://bucket", "ftp://s3.example", FakeS3.ENVIRONMENT))
        .hasMessage("The endpoint 'ftp://s3.example' is not an address: write https://HOST.");
    assertThatThrownBy(() -> Places.open("s3://bucket", "", Map.of("AWS_ACCESS_KEY_ID", "A")))
        .hasMessageContaining("AWS_SECRET_ACCESS_KEY is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://user:s3cr3t@s3.example",
        "user:s3cr3t@s3.example",
        "https://user:s3cr3t @s3.example",
        "https://user:s3cr3t@s3.example"
      })
  void aPasswordInARefusedEndpointIsNotShown(String endpoint) {
    assertThatThrownBy(() -> Places.open("s3://bucket", endpoint, FakeS3.ENVIRONMENT))
        .hasMessageContaining("***@s3.example' is not an address: write https://HOST")
        .message()
        .doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://key:s3cr3t@bucket/prefix", "s3://key:s3 cr3t@bucket", "key:s3cr3t@bucket"})
  void keysInAnAddressAreRefusedAndNotShown(String address) {
    assertThatThrownBy(() -> Places.open(address, "", FakeS3.ENVIRONMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains("***@bucket")
        .doesNotContain("cr3t");
  }

  /** Amazon still has old buckets whose names no host may have. */
  @ParameterizedTest
  @ValueSource(strings = {"my_bucket", "MyBucket", "my.bucket"})
  void aBucketWhoseNameNoHostMayHaveIsAPartOfThePath(String bucket) {
    assertThat(Places.open("s3://" + bucket + "/logs", "", FakeS3.ENVIRONMENT))
        .extracting("address")
        .isEqualTo(
            new S3Address(
                URI.create("https://s3.eu-central-1.amazonaws.com"), "eu-central-1", bucket, true));
  }

  @Test
  void aRegionThatIsNoneAndAPrefixThatIsNoPartOfAnAddressAreExplained() {
    Map<String, String> environment = new HashMap<>(FakeS3.ENVIRONMENT);
    environment.put("AWS_REGION", "eu central 1");

    assertThatThrownBy(() -> Places.open("s3://bucket", "", environment))
        .hasMessage("AWS_REGION is 'eu central 1', which is no region: write eu-central-1, say.");
    assertThatThrownBy(() -> Places.open("s3://bucket/my logs", "", FakeS3.ENVIRONMENT))
        .hasMessage(
            "'s3://bucket/my logs' cannot be read as an address (Illegal character in path). Write a space as %20.");
  }

  /** As Compose names services; Java's client cannot call it. */
  @Test
  void anEndpointWhoseNameNoClientTakesIsRefusedAtOnce() {
    assertThatThrownBy(
            () -> Places.open("s3://bucket", "http://object_store:9000", FakeS3.ENVIRONMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://object_store:9000");
  }
}
