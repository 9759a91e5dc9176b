package dev.serai.access;

import java.util.Set;

/**
 * Who calls: a verified token's subject, the one project it acts in, its roles and groups.
 *
 * @param roles never empty
 */
public record Caller(String subject, String project, Set<Role> roles, Set<String> groups) {
    public Caller {
        if (roles.isEmpty() || project.isBlank()) {
            throw new IllegalArgumentException("A caller has a project and at least one role");
        }
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
    }

    /** Whether one of the caller's roles is this one or a higher one. */
    public boolean is(Role role) {
        return roles.stream().anyMatch(own -> own.compareTo(role) >= 0);
    }
}
