package dev.caravan.secrets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a secret may sign. Names bind the payload, which is signed: a delivery about anything else
 * is refused. Hook ids come in a header that is not signed: they only choose which secrets are
 * tried.
 *
 * @param hooks the hooks whose deliveries this secret is tried for; empty for all
 * @param owners organisations and users, in small letters
 * @param repositories globs over {@code owner/name}, in small letters
 */
public record SecretScope(Set<String> hooks, Set<String> owners, List<String> repositories) {
  /** Anything. */
  public static final SecretScope ALL = new SecretScope(Set.of(), Set.of(), List.of());

  private static final Pattern HOOK = Pattern.compile("hook:([0-9]{1,20})");
  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9_*?-]{1,100}/[A-Za-z0-9._*?-]{1,100}");

  /**
   * Reads words separated by blanks or commas: {@code all}, an organisation ({@code acme}), a
   * repository or a glob of them ({@code acme/web-*}), a hook ({@code hook:12345}). Several of one
   * kind mean any of them; hooks and names together mean both.
   *
   * @throws IllegalArgumentException for a word that is none of these; the message says so
   */
  public static SecretScope of(String text) {
    Set<String> hooks = new TreeSet<>();
    Set<String> owners = new TreeSet<>();
    List<String> repositories = new ArrayList<>();
    for (String word : text.strip().split("[,\\s]+", -1)) {
      var hook = HOOK.matcher(word);
      if (hook.matches()) {
        hooks.add(hook.group(1));
      } else if (REPOSITORY.matcher(word).matches()) {
        repositories.add(word.toLowerCase(Locale.ROOT));
      } else if (OWNER.matcher(word).matches() && !word.equals("all")) {
        owners.add(word.toLowerCase(Locale.ROOT));
      } else if (!word.equals("all") || text.strip().length() > word.length()) {
        throw new IllegalArgumentException(
            "'%s', which is not a scope. Write all, an organisation (acme), repositories (acme/web-*) or hooks (hook:12345)"
                .formatted(text.strip()));
      }
    }
    return new SecretScope(Set.copyOf(hooks), Set.copyOf(owners), List.copyOf(repositories));
  }

  /** Whether it binds what the payload is about. */
  public boolean bindsPayload() {
    return !owners.isEmpty() || !repositories.isEmpty();
  }

  /**
   * Whether a payload about these may be signed. One that names both must fit with both: else who
   * may sign for one organisation could slip in another's repository.
   *
   * @param repository {@code owner/name}, or null when the payload has none
   * @param organization null when the payload has none
   */
  public boolean covers(@Nullable String repository, @Nullable String organization) {
    if (!bindsPayload()) {
      return true;
    }
    if (repository == null) {
      return organization != null && isOwner(organization);
    }
    String owner = repository.substring(0, Math.max(0, repository.indexOf('/')));
    boolean fits = isOwner(owner) || isRepository(repository);
    return fits && (organization == null || organization.equalsIgnoreCase(owner));
  }

  private boolean isOwner(String name) {
    return owners.contains(name.toLowerCase(Locale.ROOT));
  }

  private boolean isRepository(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    return repositories.stream().anyMatch(glob -> matches(glob, 0, small, 0));
  }

  /** {@code *} is any text within an owner or a name, {@code ?} one character. */
  private static boolean matches(String glob, int at, String name, int from) {
    int in = from;
    for (int index = at; index < glob.length(); index++, in++) {
      char wanted = glob.charAt(index);
      if (wanted == '*') {
        for (int end = in; end <= name.length(); end++) {
          if (matches(glob, index + 1, name, end)) {
            return true;
          }
          if (end < name.length() && name.charAt(end) == '/') {
            return false;
          }
        }
        return false;
      }
      if (in == name.length()
          || (wanted == '?' ? name.charAt(in) == '/' : name.charAt(in) != wanted)) {
        return false;
      }
    }
    return in == name.length();
  }

  /** As it can be written in the settings. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    new TreeSet<>(hooks).forEach(hook -> words.add("hook:" + hook));
    words.addAll(new TreeSet<>(owners));
    words.addAll(repositories);
    return words.isEmpty() ? "all" : String.join(" ", words);
  }
}
