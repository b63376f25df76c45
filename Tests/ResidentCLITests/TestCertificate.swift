// A self-signed certificate that only tests use, valid for a hundred years.

enum TestCertificate {
    /// Of the key below, in the form that the client takes.
    static let pin = "sha256//NvsgGU+ejckzn8aUEiJVbPPYArQ7RlOEwCUJcZp/BB4="

    static let certificatePEM = """
        -----BEGIN CERTIFICATE-----
        MIIBfjCCASWgAwIBAgIUAzckcWw6G6KMA5/+dZ7uXGTuYScwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJd2FyZCB0ZXN0MCAXDTI2MTEyMjAzNDgyOFoYDzIxMjYxMDI5
        MDM0ODI4WjAUMRIwEAYDVQQDDAl3YXJkIHRlc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASxfHcZtvbV7nGba4CcMyIPsJDpP0GzLr0jPvHTnpumxVwLTDuiSJUb
        /3Pv67/iPiyI5O2Y7zPzlqHndEmOv2B0o1MwUTAdBgNVHQ4EFgQU2F2IENWk/uyq
        ryRENBWOrk9tyyAwHwYDVR0jBBgwFoAU2F2IENWk/uyqryRENBWOrk9tyyAwDwYD
        VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBSpjP+if/0Xd848PavuGrW
        0ctjyMVRWPtnRjtOpMicsAIgR6zz1YW+PjbpGq6+9USSzSQ5yKynoq039iFMI1EH
        H3I=
        -----END CERTIFICATE-----
        """

    static let privateKeyPEM = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgF4ZJRq6liZJgp4La
        BL/yn/84gQgTNShRzIJcNroE+5yhRANCAASxfHcZtvbV7nGba4CcMyIPsJDpP0Gz
        Lr0jPvHTnpumxVwLTDuiSJUb/3Pv67/iPiyI5O2Y7zPzlqHndEmOv2B0
        -----END PRIVATE KEY-----
        """
}
