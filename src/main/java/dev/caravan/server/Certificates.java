package dev.caravan.server;

import dev.caravan.network.tls.Tls;
import dev.caravan.network.tls.TlsFiles;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The certificates that this program presents, by port; null for a port without TLS. */
record Certificates(@Nullable TlsFiles ofPublicPort, @Nullable TlsFiles ofManagement) {
  /** When each expires, according to its current file. */
  Map<String, Instant> ends() {
    Map<String, Instant> ends = new TreeMap<>();
    add(ends, "public", ofPublicPort);
    add(ends, "management", ofManagement);
    return ends;
  }

  private static void add(Map<String, Instant> ends, String port, @Nullable TlsFiles files) {
    if (files != null) {
      ends.put(port, Tls.endOf(files));
    }
  }
}
