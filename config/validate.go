package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// SettingError is a setting that can't be used.
type SettingError struct {
	// Setting is the flag with its dashes, or the name of the environment variable.
	Setting string
	// Reason goes on after the setting's name: "is no http or https URL".
	Reason string
	// Next is what to do about it.
	Next string
}

// Error tells the mistake in one line.
func (e *SettingError) Error() string { return e.Setting + " " + e.Reason + ". " + e.Next }

// Limits of the services that the local deployment keeps to.
const (
	maxWait       = 24 * time.Hour // the template's parameter WaitSeconds
	maxVisibility = 12 * time.Hour // SQS: VisibilityTimeout is at most 43,200 s
	maxOrderRate  = 1000           // more would try the machine, not the operator
)

// Validate finds the first setting that can't be used, as a *SettingError.
func (s Settings) Validate() error {
	for _, check := range []func() error{
		s.checkLocal, s.checkAddresses, s.checkParts, s.checkKnobs, s.checkTheme, s.checkNotify, s.checkRefresh,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkLocal refuses what has no meaning beside --local: silently ignoring it
// would show another deployment than the one asked for.
func (s Settings) checkLocal() error {
	if !s.Local {
		return nil
	}
	for _, f := range []struct{ flag, value string }{
		{FlagProfile, s.Profile},
		{FlagEndpointURL, s.EndpointURL},
		{FlagStack, s.Stack},
		{FlagQueueURL, s.QueueURL},
		{FlagDeadLetterURL, s.DeadLetterURL},
		{FlagStateMachine, s.StateMachineARN},
		{FlagTable, s.Table},
		{FlagTopic, s.TopicARN},
	} {
		if f.value != "" {
			return invalid(f.flag, "has no meaning with --local, which brings its own deployment", "Leave out one of the two.")
		}
	}
	return nil
}

func (s Settings) checkAddresses() error {
	if !matches(`^[a-z0-9-]{0,64}$`, s.Region) {
		return invalid(FlagRegion, fmt.Sprintf("%q is no region's name", s.Region), "Give a name like eu-west-1.")
	}
	if s.EndpointURL != "" {
		if reason := checkURL(s.EndpointURL); reason != "" {
			return invalid(FlagEndpointURL, reason, "Give a URL like http://127.0.0.1:4566.")
		}
	}
	if s.Listen != "" && !loopback(s.Listen) {
		return invalid(FlagListen, fmt.Sprintf("%q is no loopback address with a port", s.Listen),
			"Give one like "+DefaultListen+"; the local AWS checks no signatures, so it stays on this machine.")
	}
	return nil
}

func (s Settings) checkParts() error {
	for _, f := range []struct{ flag, value string }{{FlagQueueURL, s.QueueURL}, {FlagDeadLetterURL, s.DeadLetterURL}} {
		if f.value == "" {
			continue
		}
		if reason := checkURL(f.value); reason != "" {
			return invalid(f.flag, reason, "Give the queue's URL, like https://sqs.eu-west-1.amazonaws.com/123456789012/OrderQueue.")
		}
	}
	if s.QueueURL != "" && s.QueueURL == s.DeadLetterURL {
		return invalid(FlagDeadLetterURL, "is the same queue as --queue-url", "Give the dead-letter queue's own URL.")
	}
	if !matches(`^(arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^\s:/]{1,80}(:[^\s:/]+)?)?$`, s.StateMachineARN) {
		return invalid(FlagStateMachine, fmt.Sprintf("%q is no state machine's ARN", s.StateMachineARN),
			"Give one like arn:aws:states:eu-west-1:123456789012:stateMachine:OrderStateMachine.")
	}
	if !matches(`^(arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/)?[A-Za-z0-9_.-]{0,255}$`, s.Table) {
		return invalid(FlagTable, fmt.Sprintf("%q is no table's name", s.Table), "Give a name like order-table.")
	}
	if !matches(`^(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256})?$`, s.TopicARN) {
		return invalid(FlagTopic, fmt.Sprintf("%q is no topic's ARN", s.TopicARN),
			"Give one like arn:aws:sns:eu-west-1:123456789012:Order-sns-topic.")
	}
	return nil
}

func (s Settings) checkTheme() error {
	switch s.Theme {
	case "", ThemeAuto, ThemeDark, ThemeLight:
		return nil
	}
	return invalid(FlagTheme, fmt.Sprintf("%q is no theme", s.Theme), "Choose auto, dark or light.")
}

func (s Settings) checkNotify() error {
	switch s.Notify {
	case "", NotifyBell, NotifyOSC9, NotifyOff:
		return nil
	}
	return invalid(FlagNotify, fmt.Sprintf("%q is no way to notify", s.Notify), "Choose bell, osc9 or off.")
}

// mostRefresh is the slowest pace: what is older than that is no picture of now.
const mostRefresh = 5 * time.Minute

func (s Settings) checkRefresh() error {
	if s.Refresh >= 0 && s.Refresh <= mostRefresh {
		return nil
	}
	return invalid(FlagRefresh, fmt.Sprintf("%s is no time up to %s", s.Refresh, mostRefresh), "Give one like 15s: it is the least time between two polls of the same thing.")
}

// refreshable tells whether a text is a pace; "" is the program's own.
func refreshable(text string) bool {
	if text == "" {
		return true
	}
	d, err := time.ParseDuration(text)
	return err == nil && d > 0 && d <= mostRefresh
}

func (s Settings) checkKnobs() error {
	if !s.Local {
		return s.checkNoKnobs()
	}
	for _, f := range []struct {
		flag  string
		value time.Duration
		limit time.Duration
	}{{FlagWait, s.Wait, maxWait}, {FlagVisibility, s.Visibility, maxVisibility}} {
		if f.value < 0 || f.value > f.limit || f.value%time.Second != 0 {
			return invalid(f.flag, fmt.Sprintf("%s is not a whole number of seconds up to %s", f.value, f.limit), "Give a time like 5s or 1m.")
		}
	}
	for _, f := range []struct {
		flag  string
		value float64
	}{
		{FlagPaymentFailureRate, s.PaymentFailureRate},
		{FlagRestaurantFailureRate, s.RestaurantFailureRate},
		{FlagPoisonRate, s.PoisonRate},
	} {
		if !(f.value <= 1) { // also refuses NaN
			return invalid(f.flag, fmt.Sprintf("%g is no chance from 0 to 1", f.value), "Give a number like 0.2.")
		}
	}
	if !(s.OrderRate <= maxOrderRate) { // also refuses NaN
		return invalid(FlagOrderRate, fmt.Sprintf("%g is no number of orders a second up to %d", s.OrderRate, maxOrderRate), "Give a number like 2.")
	}
	return nil
}

// checkNoKnobs refuses the knobs of the local AWS where there is none.
func (s Settings) checkNoKnobs() error {
	for _, f := range []struct {
		flag string
		set  bool
	}{
		{FlagWait, s.Wait != 0},
		{FlagVisibility, s.Visibility != 0},
		{FlagSeed, s.Seed != 0},
		{FlagPaymentFailureRate, s.PaymentFailureRate >= 0},
		{FlagRestaurantFailureRate, s.RestaurantFailureRate >= 0},
		{FlagScenario, s.Scenario != ""},
		{FlagOrderRate, s.OrderRate >= 0},
		{FlagPoisonRate, s.PoisonRate >= 0},
		{FlagDisturb, len(s.Disturbances) > 0},
	} {
		if f.set {
			return invalid(f.flag, "is a knob of the local AWS", "Use it with --local or with the command local.")
		}
	}
	return nil
}

func invalid(flag, reason, next string) error {
	return &SettingError{Setting: "--" + flag, Reason: reason, Next: next}
}

// Loopback tells whether a URL's host is this machine.
func Loopback(rawURL string) bool {
	u, err := url.Parse(rawURL)
	return err == nil && loopbackHost(u.Hostname())
}

func loopback(address string) bool {
	host, port, err := net.SplitHostPort(address)
	return err == nil && port != "" && loopbackHost(host)
}

func loopbackHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// checkURL says what is wrong with a URL, "" when nothing is. It never repeats
// the URL, which may carry a password.
func checkURL(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		return "is no http or https URL"
	case u.User != nil:
		return "carries a user name or password, which has no place in it"
	default:
		return ""
	}
}

func matches(pattern, text string) bool {
	return regexp.MustCompile(pattern).MatchString(text)
}
