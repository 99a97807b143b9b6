package dev.caravan.network.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.impl.KeyStoreHelper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A certificate and its key as they are in their files. Two with the same bytes are equal. */
record Certificate(Buffer chain, Buffer key) {
  /**
   * Reads the files; they may not fit together.
   *
   * @throws IllegalStateException with a sentence for the user when one cannot be read
   */
  static Certificate read(TlsFiles files) {
    return new Certificate(
        read(files.certificateSetting(), files.certificate()),
        read(files.keySetting(), files.key()));
  }

  private static Buffer read(String setting, Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s is '%s', which cannot be read (%s). Name a PEM file that the program may read."
              .formatted(setting, file, e.getClass().getSimpleName()),
          e);
    }
  }

  /**
   * Finds out whether TLS works with these.
   *
   * @return when it ends
   * @throws IllegalStateException with a sentence for the user when it does not
   */
  Instant check(TlsFiles files) {
    try {
      KeyStore store = store();
      String alias = store.aliases().nextElement();
      X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
      if (!fits((PrivateKey) store.getKey(alias, password()), certificate)) {
        throw new GeneralSecurityException("the key is not that of the certificate");
      }
      return certificate.getNotAfter().toInstant();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "%s and %s cannot be used for TLS: %s. Both are to be PEM: the certificate with those that signed it, and its key, not encrypted."
              .formatted(files.certificate(), files.key(), reason(e)),
          e);
    }
  }

  /**
   * What presents it to clients.
   *
   * @throws GeneralSecurityException when it does not work, which {@link #check} would have said
   */
  X509ExtendedKeyManager keys() throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store(), password());
    return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
  }

  private KeyStore store() throws GeneralSecurityException {
    try {
      return KeyStoreHelper.loadKeyCert(List.of(key), List.of(chain));
    } catch (GeneralSecurityException e) {
      throw e;
    } catch (Exception e) { // all that Vert.x itself says
      throw new GeneralSecurityException(reason(e), e);
    }
  }

  private static char[] password() {
    return KeyStoreHelper.DUMMY_PASSWORD.toCharArray();
  }

  private static boolean fits(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
    signature.initSign(key);
    byte[] signed = signature.sign();
    signature.initVerify(certificate);
    return signature.verify(signed);
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return "Certificate";
  }
}
