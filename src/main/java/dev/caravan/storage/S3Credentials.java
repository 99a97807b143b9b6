package dev.caravan.storage;

import java.util.Map;

/**
 * The credentials for S3, from the environment variables that its own tools use.
 *
 * @param sessionToken empty for keys that do not expire
 */
record S3Credentials(String accessKey, String secretKey, String sessionToken) {
  private static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
  private static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException with a sentence that names the variable that is missing
   */
  static S3Credentials from(Map<String, String> environment) {
    return new S3Credentials(
        required(environment, ACCESS_KEY),
        required(environment, SECRET_KEY),
        environment.getOrDefault("AWS_SESSION_TOKEN", "").strip());
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "S3 needs %s and %s in the environment, and %s is not set."
              .formatted(ACCESS_KEY, SECRET_KEY, name));
    }
    return value;
  }

  /** Not what is secret. */
  @Override
  public String toString() {
    return accessKey;
  }
}
