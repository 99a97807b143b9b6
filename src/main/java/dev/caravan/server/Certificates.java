package dev.caravan.server;

import dev.caravan.network.tls.Tls;
import dev.caravan.network.tls.TlsFiles;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the certificates expire that this program presents, by port. Safe for use by threads. */
final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");

  private final Map<String, TlsFiles> files = new TreeMap<>();
  private final Map<String, Instant> ends = new TreeMap<>();

  /**
   * @param ofPublicPort null for a port without TLS
   * @param ofManagement the same
   */
  Certificates(@Nullable TlsFiles ofPublicPort, @Nullable TlsFiles ofManagement) {
    if (ofPublicPort != null) {
      files.put("public", ofPublicPort);
    }
    if (ofManagement != null) {
      files.put("management", ofManagement);
    }
    files.forEach(this::read);
  }

  /** When each expires. While its files cannot be used, the one before is in use. */
  synchronized Map<String, Instant> ends() {
    files.forEach(this::read);
    return new TreeMap<>(ends);
  }

  private void read(String port, TlsFiles from) {
    try {
      ends.put(port, Tls.endOf(from));
    } catch (IllegalStateException e) {
      LOG.debug("A certificate cannot be read", e); // the thread that watches the files says so
    }
  }
}
