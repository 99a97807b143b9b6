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
   * @throws IllegalArgumentException for a word that is not one of these; the message says so
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
   * Whether a payload about these may be signed.
   *
   * @param repository {@code owner/name}, or null when the payload has none
   * @param owner the repository's owner, or whoever else the payload is about; null for nobody
   */
  public boolean covers(@Nullable String repository, @Nullable String owner) {
    return !bindsPayload()
        || (owner != null && owners.contains(owner.toLowerCase(Locale.ROOT)))
        || (repository != null && isRepository(repository.toLowerCase(Locale.ROOT)));
  }

  /**
   * How wide it is, among those that cover a hook: the repository itself, repositories like it, its
   * owner, everybody.
   *
   * @param repository of the hook, or null when it is not a repository's
   */
  int breadth(@Nullable String repository) {
    String name = repository == null ? "" : repository.toLowerCase(Locale.ROOT);
    if (repositories.contains(name)) {
      return 0;
    }
    return isRepository(name) ? 1 : bindsPayload() ? 2 : 3;
  }

  private boolean isRepository(String name) {
    return repositories.stream().anyMatch(glob -> matches(glob, name));
  }

  /**
   * {@code *} is any text within an owner or a name, {@code ?} one character. Only the last star
   * passed is ever tried again, so that it takes the product of both lengths at most.
   */
  private static boolean matches(String glob, String name) {
    int index = 0;
    int star = -1;
    int afterStar = 0;
    for (int in = 0; in < name.length(); ) {
      char wanted = index < glob.length() ? glob.charAt(index) : 0;
      if (wanted == '*') {
        star = index++;
        afterStar = in;
      } else if (wanted == name.charAt(in) || (wanted == '?' && name.charAt(in) != '/')) {
        index++;
        in++;
      } else if (star >= 0 && name.charAt(afterStar) != '/') {
        in = ++afterStar;
        index = star + 1;
      } else {
        return false;
      }
    }
    while (index < glob.length() && glob.charAt(index) == '*') {
      index++;
    }
    return index == glob.length();
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
