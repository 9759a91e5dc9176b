package dev.serai.connector;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.serai.audit.AuditLog;
import dev.serai.credential.CredentialVault;
import dev.serai.metadata.Json;

/** Seals every secret anew with the sign key in use, so that the one before it is no longer needed. */
@Component
public class SecretRotation {
    private final JdbcClient jdbc;
    private final CredentialVault vault;
    private final AuditLog audit;
    private final TransactionTemplate transactions;

    SecretRotation(JdbcClient jdbc, CredentialVault vault, AuditLog audit, PlatformTransactionManager transactions) {
        this.audit = audit;
        this.jdbc = jdbc;
        this.vault = vault;
        this.transactions = new TransactionTemplate(transactions);
    }

    private record Secret(String connectorId, String field, byte[] sealed) {}

    /**
     * All or nothing; may be repeated.
     *
     * @return the number of secrets that were sealed anew
     */
    public int rotate() {
        vault.discarding();
        Integer count = transactions.execute(status -> {
            vault.requireKeyInUse();
            // Locked, so that none is changed or added with the old key by another replica meanwhile.
            List<Secret> old = jdbc
                    .sql(
                            "select connector_id, field, sealed from connector_secrets order by connector_id, field for update")
                    .query((row, number) ->
                            new Secret(row.getString("connector_id"), row.getString("field"), row.getBytes("sealed")))
                    .list()
                    .stream()
                    .filter(secret -> !vault.isCurrent(secret.sealed()))
                    .toList();
            old.forEach(this::seal);
            vault.everythingIsCurrent();
            audit.changed(
                    "default",
                    "secrets.rotate",
                    "sign_key",
                    null,
                    null,
                    Json.newObject().put("resealed", old.size()));
            return old.size();
        });
        return count == null ? 0 : count;
    }

    private void seal(Secret secret) {
        byte[] sealed = vault.seal(
                secret.connectorId(),
                secret.field(),
                vault.open(secret.connectorId(), secret.field(), secret.sealed()));
        jdbc.sql("update connector_secrets set sealed = ? where connector_id = ? and field = ?")
                .params(sealed, secret.connectorId(), secret.field())
                .update();
    }
}
