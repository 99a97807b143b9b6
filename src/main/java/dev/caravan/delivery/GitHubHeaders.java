package dev.caravan.delivery;

/** The headers that GitHub sends with a delivery, as its documentation writes them. */
public final class GitHubHeaders {
  /** The name of the event, such as {@code push}. */
  public static final String EVENT = "X-GitHub-Event";

  /** The GUID of the delivery, the same again when GitHub redelivers. */
  public static final String DELIVERY = "X-GitHub-Delivery";

  /** The number of the hook that sends. */
  public static final String HOOK_ID = "X-GitHub-Hook-ID";

  /** The number of what the hook belongs to. */
  public static final String TARGET_ID = "X-GitHub-Hook-Installation-Target-ID";

  /** What the hook belongs to: a repository, an organization, an App or an enterprise. */
  public static final String TARGET_TYPE = "X-GitHub-Hook-Installation-Target-Type";

  /** The host of an Enterprise Server. */
  public static final String ENTERPRISE_HOST = "X-GitHub-Enterprise-Host";

  /** The version of an Enterprise Server. */
  public static final String ENTERPRISE_VERSION = "X-GitHub-Enterprise-Version";

  /** HMAC-SHA256 over the body. */
  public static final String SIGNATURE_256 = "X-Hub-Signature-256";

  /** HMAC-SHA1 over the body, which GitHub still sends beside the other. */
  public static final String SIGNATURE = "X-Hub-Signature";

  /** How the payload lies in the body. */
  public static final String CONTENT_TYPE = "Content-Type";

  /** What all of GitHub's own headers start with. */
  public static final String PREFIX = "X-GitHub-";

  private GitHubHeaders() {}
}
