package dev.serai.contract;

/** Against a MariaDB, which speaks the same protocol and almost the same SQL, where there is no MySQL. */
class MySqlOnMariaDbContractTest extends MariaDbContractTest {
    @Override
    public String type() {
        return "mysql";
    }
}
