package dev.caravan.ingress;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificate of the public port is.
 *
 * @param certificate {@code caravan.tls.certificate}, PEM, with those that signed it after it
 * @param key {@code caravan.tls.key}, PEM, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
  private static final String CERTIFICATE = "caravan.tls.certificate";
  private static final String KEY = "caravan.tls.key";

  /**
   * Reads the settings; the files are not looked at.
   *
   * @return null when there is to be no TLS
   * @throws InvalidSettingException when only one of the two is set, or one is no path
   */
  static @Nullable TlsFiles from(Settings settings) {
    boolean hasCertificate = !settings.text(CERTIFICATE).isEmpty();
    if (hasCertificate != !settings.text(KEY).isEmpty()) {
      throw new InvalidSettingException(
          "%s is set and %s is not. TLS needs both; without it, leave both empty."
              .formatted(hasCertificate ? CERTIFICATE : KEY, hasCertificate ? KEY : CERTIFICATE));
    }
    return hasCertificate ? new TlsFiles(path(settings, CERTIFICATE), path(settings, KEY)) : null;
  }

  private static Path path(Settings settings, String key) {
    try {
      return Path.of(settings.text(key));
    } catch (InvalidPathException e) {
      throw settings.refuse(key, "a path");
    }
  }
}
