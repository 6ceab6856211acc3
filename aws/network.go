package aws

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// networkReason says in words why no answer came; false when err is none of the network's.
func networkReason(err error) (string, bool) {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return "the name " + dns.Name + " could not be resolved", true
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return "nothing accepts connections" + at(err), true
	}
	if isTLS(err) {
		return "the secure connection could not be made: the certificate is not accepted", true
	}
	var timeout interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		(errors.As(err, &timeout) && timeout.Timeout()) {
		return "no answer came in time", true
	}
	var operation *net.OpError
	if errors.As(err, &operation) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the connection broke", true
	}
	return "", false
}

// neverConnected tells whether the request surely never left: no address, no
// connection or no secure connection.
func neverConnected(err error) bool {
	if operation, ok := errors.AsType[*net.OpError](err); ok && operation.Op == "dial" {
		return true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	return isTLS(err) || errors.Is(err, syscall.ECONNREFUSED)
}

func isTLS(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	_, ok := errors.AsType[x509.HostnameError](err)
	return ok
}

// at names the address of a connection that was not made, when it is known.
func at(err error) string {
	if operation, ok := errors.AsType[*net.OpError](err); ok && operation.Addr != nil {
		return " at " + operation.Addr.String()
	}
	return ""
}
