// Package sts is AWS STS in this process: it tells who called.
package sts

import (
	"context"
	"net/url"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Version is the API's version, as requests name it.
const Version = "2011-06-15"

// New is the service's handler: query requests in, XML out.
func New(id *identity.Identity) *wire.QueryService {
	return &wire.QueryService{
		Namespace: "https://sts.amazonaws.com/doc/" + Version + "/",
		NewID:     id.PassingID,
		Operations: map[string]wire.QueryOperation{
			"GetCallerIdentity": func(context.Context, url.Values) (any, error) {
				return callerIdentity{Arn: "arn:aws:iam::" + id.Account + ":root", UserID: id.Account, Account: id.Account}, nil
			},
		},
	}
}

// callerIdentity is the account's root: the local AWS has no users.
type callerIdentity struct {
	Arn     string
	UserID  string `xml:"UserId"`
	Account string
}
