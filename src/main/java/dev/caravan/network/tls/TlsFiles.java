package dev.caravan.network.tls;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificate of a port is.
 *
 * @param prefix of the two settings that say so, such as {@code caravan.tls}
 * @param certificate PEM, followed by those that signed it
 * @param key PEM, not encrypted
 */
public record TlsFiles(String prefix, Path certificate, Path key) {
  private static final String CERTIFICATE = ".certificate";
  private static final String KEY = ".key";

  /**
   * Reads the settings; the files are not looked at.
   *
   * @return null when there should be no TLS
   * @throws InvalidSettingException when only one of the two is set, or one is not a path
   */
  public static @Nullable TlsFiles from(Settings settings, String prefix) {
    String certificate = prefix + CERTIFICATE;
    String key = prefix + KEY;
    boolean hasCertificate = !settings.text(certificate).isEmpty();
    if (hasCertificate != !settings.text(key).isEmpty()) {
      throw new InvalidSettingException(
          "%s is set and %s is not. TLS needs both; without it, leave both empty."
              .formatted(hasCertificate ? certificate : key, hasCertificate ? key : certificate));
    }
    return hasCertificate
        ? new TlsFiles(prefix, path(settings, certificate), path(settings, key))
        : null;
  }

  /** The setting that names the certificate. */
  String certificateSetting() {
    return prefix + CERTIFICATE;
  }

  /** The setting that names the key. */
  String keySetting() {
    return prefix + KEY;
  }

  private static Path path(Settings settings, String key) {
    try {
      return Path.of(settings.text(key));
    } catch (InvalidPathException e) {
      throw settings.refuse(key, "a path");
    }
  }
}
