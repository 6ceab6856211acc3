// Package logs is Amazon CloudWatch Logs in this process: log groups that the
// local services write to, and the filter over all streams of a group.
package logs

import (
	"slices"
	"sync"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// maxEvents is how many events a group keeps, the newest, so that a demonstration
// of days does not fill the memory. AWS keeps what the retention says.
const maxEvents = 200_000

// Delivery says how badly events arrive. The zero value delivers at once.
type Delivery struct {
	// Lag is the longest time from an event to where it can be read; each event
	// has a time of its own up to it.
	Lag time.Duration
	// Loss is the share of events that never arrive, 0 to 1.
	Loss float64
}

// Service holds the log groups of one local cloud. It is safe for concurrent use.
type Service struct {
	*wire.Service
	identity *identity.Identity

	mu       sync.Mutex
	delivery Delivery
	groups   map[string]*group
	serial   uint64
}

type group struct {
	name    string
	created time.Time
	// retention is 0 for ever.
	retention time.Duration
	// events are in order of their time.
	events []event
}

type event struct {
	serial   uint64
	at       time.Time
	readable time.Time
	stream   string
	message  string
}

// New makes a service without groups.
func New(id *identity.Identity) *Service {
	s := &Service{identity: id, groups: map[string]*group{}}
	s.Service = &wire.Service{Protocol: wire.JSON("1.1", "Logs_20140328"), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"DescribeLogGroups": wire.Typed(s.describeLogGroups),
		"FilterLogEvents":   wire.Typed(s.filterLogEvents),
	}}
	return s
}

// Deliver changes how events arrive from now on.
func (s *Service) Deliver(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery = d
}

// CreateGroup makes a log group and gives its ARN, without the ":*" of streams.
// A retention of 0 days keeps events for ever.
func (s *Service) CreateGroup(name string, retentionDays int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[name] == nil {
		s.groups[name] = &group{name: name, created: time.Now()}
	}
	s.groups[name].retention = time.Duration(retentionDays) * 24 * time.Hour
	return s.arn(name)
}

func (s *Service) arn(name string) string { return s.identity.ARN("logs", "log-group:"+name) }

// Put writes one event. What is written to a group that does not exist is lost,
// as it is with the vended logs of AWS.
func (s *Service) Put(groupName, stream string, at time.Time, message []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[groupName]
	if g == nil || s.delivery.Loss > 0 && s.identity.Passing() < s.delivery.Loss {
		return
	}
	readable := time.Now()
	if s.delivery.Lag > 0 {
		readable = readable.Add(time.Duration(s.identity.Passing() * float64(s.delivery.Lag)))
	}
	s.serial++
	g.add(event{serial: s.serial, at: at.Truncate(time.Millisecond), readable: readable, stream: stream, message: string(message)})
}

// add puts an event behind those of the same time. It forgets by halves: moving
// all events for each new one would cost too much.
func (g *group) add(e event) {
	i := len(g.events)
	for i > 0 && g.events[i-1].at.After(e.at) {
		i--
	}
	g.events = slices.Insert(g.events, i, e)
	if len(g.events) >= 2*maxEvents {
		g.events = slices.Clone(g.events[maxEvents:])
	}
}

// since is the position of the first event that is not before a time.
func (g *group) since(at time.Time) int {
	i, _ := slices.BinarySearchFunc(g.events, at, func(e event, at time.Time) int {
		if e.at.Before(at) {
			return -1
		}
		return 1
	})
	return i
}
