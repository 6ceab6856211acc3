// Package sts is AWS STS in this process: it tells who called.
package sts

import (
	"net/url"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// New is the service: query requests in, XML out.
func New(id *identity.Identity) *wire.Service {
	return &wire.Service{Protocol: wire.Query("https://sts.amazonaws.com/doc/2011-06-15/"), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"GetCallerIdentity": wire.Form(func(url.Values) (any, error) {
			return callerIdentity{Arn: "arn:aws:iam::" + id.Account + ":root", UserID: id.Account, Account: id.Account}, nil
		}),
	}}
}

// callerIdentity is the account's root: the local AWS has no users.
type callerIdentity struct {
	Arn     string
	UserID  string `xml:"UserId"`
	Account string
}
