// Package identity is what the services of one local cloud share: the account
// and region that they claim to be, and the ids that they hand out.
package identity

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
)

// Identity is safe for concurrent use.
type Identity struct {
	Account string
	Region  string
	// URL is the root that queue and API addresses are built on, without a trailing slash.
	URL string

	mu      sync.Mutex
	random  *rand.Rand
	passing *rand.Rand
}

// New makes an identity whose ids follow from seed, so that a run can be repeated.
func New(account, region, url string, seed uint64) *Identity {
	return &Identity{
		Account: account, Region: region, URL: url,
		random: rand.New(rand.NewPCG(seed, 0x0de5)), passing: rand.New(rand.NewPCG(seed, 0x9a55)),
	}
}

// ARN names a resource of this account and region:
// arn:aws:<service>:<region>:<account>:<resource>.
func (i *Identity) ARN(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, i.Region, i.Account, resource)
}

// UUID makes a version 4 UUID, for what is kept.
func (i *Identity) UUID() string { return i.uuid(i.random) }

// PassingID makes a version 4 UUID for what passes: a request, a receipt, a
// notification. These are drawn apart, so that how often a client asks does not
// change the ids of the messages that follow.
func (i *Identity) PassingID() string { return i.uuid(i.passing) }

func (i *Identity) uuid(random *rand.Rand) string {
	var b [16]byte
	i.mu.Lock()
	binary.BigEndian.PutUint64(b[:8], random.Uint64())
	binary.BigEndian.PutUint64(b[8:], random.Uint64())
	i.mu.Unlock()
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Float64 is a random number in [0,1).
func (i *Identity) Float64() float64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.random.Float64()
}

// Passing is a random number in [0,1) for what passes, drawn as PassingID is.
func (i *Identity) Passing() float64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.passing.Float64()
}
