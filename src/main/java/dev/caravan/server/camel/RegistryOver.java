package dev.caravan.server.camel;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;

/** The beans of one Camel context, and below them those of another, which it cannot change. */
final class RegistryOver extends DefaultRegistry {
  private final Registry below;

  RegistryOver(Registry below) {
    this.below = below;
  }

  @Override
  public Object lookupByName(String name) {
    Object own = super.lookupByName(name);
    return own == null ? below.lookupByName(name) : own;
  }

  @Override
  public <T> T lookupByNameAndType(String name, Class<T> type) {
    T own = super.lookupByNameAndType(name, type);
    return own == null ? below.lookupByNameAndType(name, type) : own;
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    Map<String, T> all = new HashMap<>(below.findByTypeWithName(type));
    all.putAll(super.findByTypeWithName(type));
    return all;
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return new HashSet<>(findByTypeWithName(type).values());
  }

  @Override
  public <T> T findSingleByType(Class<T> type) {
    Set<T> all = findByType(type);
    return all.size() == 1 ? all.iterator().next() : null;
  }
}
