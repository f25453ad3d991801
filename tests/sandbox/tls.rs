//! The certificate authority and the server certificate, made anew at each start.

use std::io;
use std::net::TcpStream;
use std::sync::Arc;

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

pub struct Identity {
    pub ca_pem: String,
    config: Arc<ServerConfig>,
}

impl Identity {
    pub fn generate() -> Result<Self> {
        let ca_key = KeyPair::generate()?;
        let ca = authority()?;
        let ca_pem = ca.self_signed(&ca_key)?.pem();
        let issuer = Issuer::new(ca, ca_key);

        let leaf_key = KeyPair::generate()?;
        let leaf = server()?.signed_by(&leaf_key, &issuer)?;

        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der())),
            )?;
        Ok(Self {
            ca_pem,
            config: Arc::new(config),
        })
    }

    /// Answers once the handshake is over, with whether it went on from an earlier session.
    pub fn accept(
        &self,
        mut stream: TcpStream,
    ) -> io::Result<(StreamOwned<ServerConnection, TcpStream>, bool)> {
        let mut connection =
            ServerConnection::new(Arc::clone(&self.config)).map_err(io::Error::other)?;
        connection.complete_io(&mut stream)?;
        let resumed = connection.handshake_kind() == Some(HandshakeKind::Resumed);
        Ok((StreamOwned::new(connection, stream), resumed))
    }
}

fn authority() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
        .distinguished_name
        .push(DnType::CommonName, "Licensing sandbox CA");
    Ok(params)
}

fn server() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    Ok(params)
}
