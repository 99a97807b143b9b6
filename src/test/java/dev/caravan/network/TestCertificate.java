package dev.caravan.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate, for 127.0.0.1 unless said otherwise, made by the JDK's keytool, with its key, as
 * PEM files. Another of the same names is the same one: keytool takes half a second for each.
 */
public final class TestCertificate {
  private static final String PASSWORD = "changeit";
  private static final Map<List<String>, KeyStore> MADE = new ConcurrentHashMap<>();

  public final String certificate;
  public final String key;
  public final KeyStore trust;

  /**
   * @param algorithm RSA or EC
   */
  public TestCertificate(Path folder, String name, String algorithm) {
    this(folder, name, algorithm, "ip:127.0.0.1,dns:localhost");
  }

  /**
   * @param names what it is for, in keytool's words
   */
  public TestCertificate(Path folder, String name, String algorithm, String names) {
    KeyStore made =
        MADE.computeIfAbsent(
            List.of(name, algorithm, names), ignored -> make(folder, name, algorithm, names));
    try {
      certificate = pem("CERTIFICATE", made.getCertificate(name).getEncoded());
      key = pem("PRIVATE KEY", made.getKey(name, PASSWORD.toCharArray()).getEncoded());
      trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry(name, made.getCertificate(name));
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore make(Path folder, String name, String algorithm, String names) {
    Path store = folder.resolve(name + ".p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                      "-J-XX:TieredStopAtLevel=1",
                      "-J-XX:+UseSerialGC",
                      "-genkeypair",
                      "-alias",
                      name,
                      "-keyalg",
                      algorithm,
                      "-dname",
                      "CN=" + name,
                      "-ext",
                      "san=" + names,
                      "-validity",
                      "90",
                      "-storetype",
                      "PKCS12",
                      "-keystore",
                      store.toString(),
                      "-storepass",
                      PASSWORD))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (keytool.waitFor() != 0) {
        throw new AssertionError("keytool failed");
      }
      KeyStore made = KeyStore.getInstance("PKCS12");
      try (InputStream stream = Files.newInputStream(store)) {
        made.load(stream, PASSWORD.toCharArray());
      }
      Files.delete(store);
      return made;
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes both files. */
  public void writeTo(Path certificateFile, Path keyFile) {
    try {
      Files.writeString(certificateFile, certificate);
      Files.writeString(keyFile, key);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a client needs to trust these certificates, and no other. */
  public static SSLContext trusting(TestCertificate... trusted) {
    try {
      var all = KeyStore.getInstance("PKCS12");
      all.load(null, null);
      for (TestCertificate each : trusted) {
        String alias = each.trust.aliases().nextElement();
        all.setCertificateEntry(alias, each.trust.getCertificate(alias));
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(all);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
