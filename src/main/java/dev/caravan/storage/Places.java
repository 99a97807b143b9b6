package dev.caravan.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens the storage that an address names. */
public final class Places {
  private static final String FILE = "file:";
  private static final String S3 = "s3:";
  private static final String DEFAULT_REGION = "us-east-1";
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]+");

  /** Amazon's old buckets may have other names, and a dot does not fit its certificate. */
  private static final Pattern PART_OF_HOST = Pattern.compile("[a-z0-9-]+");

  private Places() {}

  /** Whether a text is the address of a storage rather than the name of a file. */
  public static boolean isAddress(String text) {
    return text.startsWith(FILE) || text.startsWith(S3);
  }

  /**
   * Opens it; nothing is asked of it yet.
   *
   * @param address {@code file:/mnt/backup/caravan} or {@code s3://bucket/prefix}
   * @param endpoint of a service compatible with S3; empty for the one that the environment names,
   *     or Amazon's
   * @param environment has the keys and the region
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static Storage open(String address, String endpoint, Map<String, String> environment) {
    if (address.startsWith(FILE)) {
      Path directory = Path.of(address.substring(FILE.length()).replaceFirst("^//(?=/)", ""));
      if (!directory.isAbsolute()) {
        throw new IllegalArgumentException(
            "'%s' is not an absolute path: write file:/mnt/backup/caravan.".formatted(address));
      }
      return new DirectoryStorage(directory);
    }
    if (address.startsWith(S3)) {
      return s3(address, endpoint, environment);
    }
    throw new IllegalArgumentException(
        "'%s' is neither file:/DIRECTORY nor s3://BUCKET/PREFIX.".formatted(shown(address)));
  }

  private static Storage s3(String address, String endpoint, Map<String, String> environment) {
    URI uri = place(address);
    String bucket = uri.getRawAuthority();
    if (bucket == null || bucket.contains("@")) {
      throw new IllegalArgumentException(
          "'%s' names no bucket: write s3://BUCKET/PREFIX. The keys are read from the environment."
              .formatted(shown(address)));
    }
    String region =
        first(environment.get("AWS_REGION"), environment.get("AWS_DEFAULT_REGION"), DEFAULT_REGION);
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "AWS_REGION is '%s', which is no region: write eu-central-1, say.".formatted(region));
    }
    String named =
        first(
            endpoint, environment.get("AWS_ENDPOINT_URL_S3"), environment.get("AWS_ENDPOINT_URL"));
    URI server = uri(named.isEmpty() ? "https://s3." + region + ".amazonaws.com" : named);
    if (server == null
        || server.getHost() == null
        || server.getRawUserInfo() != null
        || !("https".equalsIgnoreCase(server.getScheme())
            || "http".equalsIgnoreCase(server.getScheme()))) {
      throw new IllegalArgumentException(
          "The endpoint '%s' is not an address: write https://HOST.".formatted(shown(named)));
    }
    boolean pathStyle = !named.isEmpty() || !PART_OF_HOST.matcher(bucket).matches();
    return new S3Storage(
        new S3Address(server, region, bucket, pathStyle),
        S3Credentials.from(environment),
        uri.getPath().replaceAll("^/+|/+$", ""));
  }

  private static URI place(String address) {
    try {
      return new URI(address);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' cannot be read as an address (%s). Write a space as %%20."
              .formatted(shown(address), e.getReason()),
          e);
    }
  }

  /** An address that is refused may contain a password, before an at sign. */
  private static String shown(String refused) {
    return refused.replaceFirst("(?s)^(\\w+://)?.*@", "$1***@");
  }

  private static String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return "";
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
