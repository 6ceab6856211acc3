// Package logs is Amazon CloudWatch Logs in this process: log groups that the
// local services write to, and the filter over all streams of a group.
package logs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
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

// One page holds up to maxPage events and, about, maxBytes.
const (
	maxPage  = 10_000
	maxBytes = 1 << 20
)

const framework = "com.amazonaws.cloudwatch.logs#"

func invalid(format string, a ...any) error {
	return &wire.Error{Type: framework + "InvalidParameterException", Message: fmt.Sprintf(format, a...)}
}

// limit makes a limit that is absent the most there is, and refuses more.
func limit(n *int, most int) error {
	if *n == 0 {
		*n = most
	}
	if *n < 1 || *n > most {
		return invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value less than or equal to %d", *n, most)
	}
	return nil
}

type describeLogGroupsInput struct {
	LogGroupNamePrefix string `json:"logGroupNamePrefix"`
	Limit              int    `json:"limit"`
	NextToken          string `json:"nextToken"`
}

func (s *Service) describeLogGroups(_ context.Context, in *describeLogGroupsInput) (any, error) {
	wire.Check(limit(&in.Limit, 50))
	s.mu.Lock()
	defer s.mu.Unlock()
	out, groups := map[string]any{}, []any{}
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		switch {
		case !strings.HasPrefix(name, in.LogGroupNamePrefix) || name <= in.NextToken:
			continue
		case len(groups) == in.Limit:
			return out, nil
		}
		group := map[string]any{
			"logGroupName": name, "creationTime": s.groups[name].created.UnixMilli(), "logGroupArn": s.arn(name),
			"arn": s.arn(name) + ":*", // as it always ended
		}
		if days := int(s.groups[name].retention / (24 * time.Hour)); days > 0 {
			group["retentionInDays"] = days
		}
		groups = append(groups, group)
		out["logGroups"], out["nextToken"] = groups, name
	}
	return map[string]any{"logGroups": groups}, nil
}

type filterLogEventsInput struct {
	Name string `json:"logGroupName"`
	// StartTime and EndTime are milliseconds since 1970, both included.
	StartTime int64  `json:"startTime"`
	EndTime   *int64 `json:"endTime"`
	Pattern   string `json:"filterPattern"`
	Limit     int    `json:"limit"`
	NextToken string `json:"nextToken"`
}

func (s *Service) filterLogEvents(_ context.Context, in *filterLogEventsInput) (any, error) {
	wire.Check(limit(&in.Limit, maxPage))
	matches, err := parsePattern(in.Pattern)
	if err != nil {
		return nil, invalid("Invalid filter pattern: %s", err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[in.Name]
	if g == nil {
		return nil, &wire.Error{Type: framework + "ResourceNotFoundException", Message: "The specified log group does not exist."}
	}
	from, after := position(in)
	now := time.Now()
	events, bytes, last := []any{}, 0, event{}
	for _, e := range g.events[g.since(from):] {
		switch {
		case in.EndTime != nil && e.at.UnixMilli() > *in.EndTime:
			return map[string]any{"events": events}, nil
		case e.at.Equal(from) && e.serial <= after, e.readable.After(now),
			g.retention > 0 && now.Sub(e.at) > g.retention,
			!matches(e.message):
			continue
		}
		if bytes += len(e.message); len(events) == in.Limit || bytes > maxBytes && len(events) > 0 {
			next := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d/%d", last.at.UnixMilli(), last.serial))
			return map[string]any{"events": events, "nextToken": next}, nil
		}
		last = e
		events = append(events, map[string]any{
			"logStreamName": e.stream, "timestamp": e.at.UnixMilli(), "message": e.message,
			"ingestionTime": e.readable.UnixMilli(), "eventId": strconv.FormatUint(e.serial, 10),
		})
	}
	return map[string]any{"events": events}, nil
}

// position is where a page begins: at a time, behind the event with a serial.
func position(in *filterLogEventsInput) (from time.Time, after uint64) {
	if in.NextToken == "" {
		return time.UnixMilli(in.StartTime), 0
	}
	at := int64(0)
	text, err := base64.RawURLEncoding.DecodeString(in.NextToken)
	if err == nil {
		_, err = fmt.Sscanf(string(text), "%d/%d", &at, &after)
	}
	if err != nil {
		wire.Check(invalid("The specified nextToken is invalid."))
	}
	return time.UnixMilli(at), after
}

type test func(message string) bool

// parsePattern reads a filter pattern: "" for everything, words and "phrases"
// that must all occur, or a JSON pattern { $.a.b = "x*" && $.c != y || … } over
// texts. What else the filter language has is refused.
func parsePattern(pattern string) (test, error) {
	pattern = strings.TrimSpace(pattern)
	if inner, ok := strings.CutPrefix(pattern, "{"); ok {
		inner, ok = strings.CutSuffix(inner, "}")
		if !ok {
			return nil, fmt.Errorf("a JSON pattern ends with }")
		}
		return parseEither(inner)
	}
	words := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(pattern, -1)
	for i, word := range words {
		if strings.ContainsAny(word[:1], "?-%[&|=!(") {
			return nil, fmt.Errorf("the local AWS filters by words and JSON only, not by %q", word)
		}
		words[i] = strings.Trim(word, `"`)
	}
	return func(message string) bool {
		for _, word := range words {
			if !strings.Contains(message, word) {
				return false
			}
		}
		return true
	}, nil
}

// parseEither reads comparisons joined by && and ||, of which && binds tighter.
func parseEither(pattern string) (test, error) {
	var either [][]comparison
	for one := range strings.SplitSeq(pattern, "||") {
		var all []comparison
		for part := range strings.SplitSeq(one, "&&") {
			m := regexp.MustCompile(`^\s*\$\.([\w.]+)\s*(=|!=)\s*("[^"]*"|[^\s"()]+)\s*$`).FindStringSubmatch(part)
			if m == nil {
				return nil, fmt.Errorf("the local AWS compares $.member with = or !=, not %q", strings.TrimSpace(part))
			}
			// A * stands for anything.
			value := strings.ReplaceAll(regexp.QuoteMeta(strings.Trim(m[3], `"`)), `\*`, ".*")
			all = append(all, comparison{strings.Split(m[1], "."), m[2] == "!=", regexp.MustCompile("^(?s:" + value + ")$")})
		}
		either = append(either, all)
	}
	return func(message string) bool {
		var record any
		if json.Unmarshal([]byte(message), &record) != nil {
			return false
		}
		return slices.ContainsFunc(either, func(all []comparison) bool {
			return !slices.ContainsFunc(all, func(c comparison) bool { return !c.met(record) })
		})
	}, nil
}

type comparison struct {
	path   []string
	negate bool
	value  *regexp.Regexp
}

// met compares; a member that is missing meets nothing.
func (c comparison) met(record any) bool {
	for _, name := range c.path {
		object, ok := record.(map[string]any)
		if !ok {
			return false
		}
		if record, ok = object[name]; !ok {
			return false
		}
	}
	return c.value.MatchString(fmt.Sprint(record)) != c.negate
}
