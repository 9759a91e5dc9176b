package dev.serai.access;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/** Sees to it that {@code admin} can log in from the first start on. */
@Component
class AdminUser implements InitializingBean {
    private static final Logger log = LoggerFactory.getLogger(AdminUser.class);
    private static final String NAME = "admin";
    private static final int LONGEST = 1000;

    private final Users users;
    private final SeraiSettings settings;

    AdminUser(Users users, SeraiSettings settings) {
        this.users = users;
        this.settings = settings;
    }

    @Override
    public void afterPropertiesSet() {
        Caller admin = new Caller(NAME, "default", Set.of(Role.ADMIN), Set.of());
        String given = settings.adminPassword();
        if (given != null && (given.isBlank() || given.length() > LONGEST)) {
            throw new FailureException(new Failure.Invalid(
                    "bad_settings",
                    "SERAI_ADMIN_PASSWORD must not be empty or longer than " + LONGEST + " characters.",
                    List.of()));
        }
        if (given != null && users.exists(NAME)) {
            if (users.verify(NAME, given).isEmpty()) {
                users.setPassword(NAME, given);
                log.info("The password of admin is now that of SERAI_ADMIN_PASSWORD");
            }
        } else if (given != null) {
            users.add(admin, given);
        } else if (!users.exists(NAME)) {
            byte[] random = new byte[18];
            new SecureRandom().nextBytes(random);
            String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            if (users.add(admin, password)) {
                // The one secret that is ever printed, this once: there is no other way to hand it over.
                log.warn("First start. The password of admin is {} (it is not shown again)", password);
            }
        }
    }
}
