package aws

import (
	"context"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// renewable are credentials that are read anew after AWS has refused them: the
// tools that sign people in rewrite ~/.aws/credentials, which the SDK reads once.
// Credentials with an end renew themselves, and are left alone: reading them anew
// could ask the operator for another code.
type renewable struct {
	load func(ctx context.Context) (awssdk.CredentialsProvider, error)

	mu   sync.Mutex
	from awssdk.CredentialsProvider
	// endless tells that the ones that were given last have no end; stale that AWS
	// has refused them.
	endless, stale bool
}

// Retrieve gives the credentials that are known, or reads them anew.
func (r *renewable) Retrieve(ctx context.Context) (awssdk.Credentials, error) {
	from, err := r.current(ctx)
	if err != nil {
		return awssdk.Credentials{}, err
	}
	c, err := from.Retrieve(ctx)
	if err == nil {
		r.mu.Lock()
		r.endless = !c.CanExpire
		r.mu.Unlock()
	}
	return c, err
}

func (r *renewable) current(ctx context.Context) (awssdk.CredentialsProvider, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stale {
		from, err := r.load(ctx)
		if err != nil {
			return nil, err
		}
		r.from, r.stale = from, false
	}
	return r.from, nil
}

// refused tells that AWS did not accept what was given.
func (r *renewable) refused() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stale = r.endless
}
