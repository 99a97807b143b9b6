package dev.caravan.network.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each new connection the certificate that is current at that moment.
 *
 * <p>Vert.x could be given other TLS options while it runs, but refuses every connection from then
 * until it has worked them out; this way there is nothing to wait for. A handshake asks several
 * times: the alias it gets first names the certificate, so that the handshake stays with it.
 */
final class LiveKeyManager extends X509ExtendedKeyManager {
  private static final char SEPARATOR = '.';

  private volatile Version current;
  private volatile Version previous;

  private record Version(int number, X509ExtendedKeyManager keys) {
    @Nullable String named(@Nullable String alias) {
      return alias == null ? null : number + String.valueOf(SEPARATOR) + alias;
    }
  }

  LiveKeyManager(X509ExtendedKeyManager keys) {
    current = new Version(1, keys);
    previous = current;
  }

  synchronized void use(X509ExtendedKeyManager keys) {
    previous = current;
    current = new Version(previous.number() + 1, keys);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    Version now = current;
    return now.named(now.keys().chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    Version now = current;
    return now.named(now.keys().chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return version(alias).keys().getCertificateChain(inner(alias));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return version(alias).keys().getPrivateKey(inner(alias));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // asked by nobody: an alias is chosen above
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  private Version version(String alias) {
    Version now = current;
    return alias.startsWith(now.number() + String.valueOf(SEPARATOR)) ? now : previous;
  }

  private static String inner(String alias) {
    return alias.substring(alias.indexOf(SEPARATOR) + 1);
  }
}
