// Package sns is Amazon SNS in this process: topics, e-mail subscriptions that a
// template makes, and a mailbox in which delivered mails can be read.
package sns

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// maxMails bounds the mailbox; the oldest mails go first.
const maxMails = 1000

// topicName is the rule of CreateTopic for standard topics.
var topicName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,256}$`)

// Service holds the topics and mails of one local cloud. It is safe for
// concurrent use.
type Service struct {
	*wire.Service
	identity *identity.Identity

	mu     sync.Mutex        // guards all below
	topics map[string]*topic // by ARN
	mails  []Mail
}

type topic struct {
	attributes map[string]string
	// subscriptions are by address. All are confirmed: the mailbox is the cloud's
	// own, and nobody would click the link.
	subscriptions []subscription
}

type subscription struct{ arn, address string }

// Mail is one delivered e-mail.
type Mail struct {
	To       string
	Subject  string
	Body     string
	TopicARN string
	// MessageID is the id that Publish answered with.
	MessageID string
	At        time.Time
}

// New makes a service without topics.
func New(id *identity.Identity) *Service {
	s := &Service{identity: id, topics: map[string]*topic{}}
	s.Service = &wire.Service{Protocol: wire.Query("http://sns.amazonaws.com/doc/2010-03-31/"), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"CreateTopic":        wire.Form(s.createTopic),
		"DeleteTopic":        wire.Form(s.deleteTopic),
		"ListTopics":         wire.Form(s.listTopics),
		"GetTopicAttributes": wire.Form(s.getTopicAttributes),
		"Publish":            wire.Form(s.publish),
	}}
	return s
}

// CreateTopic makes a topic and gives its ARN. Making it again is no error.
func (s *Service) CreateTopic(name string, attributes map[string]string) (arn string, err error) {
	if !topicName.MatchString(name) {
		return "", invalid("Topic Name")
	}
	arn = s.identity.ARN("sns", name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.topics[arn]; !ok {
		s.topics[arn] = &topic{attributes: attributes}
	}
	return arn, nil
}

// SubscribeMail subscribes an e-mail address whose owner has agreed, and gives
// the subscription's ARN. Subscribing again is no error.
func (s *Service) SubscribeMail(topicARN, address string) (arn string, err error) {
	if at := strings.IndexByte(address, '@'); at < 1 || at == len(address)-1 {
		return "", invalid("Email address")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(topicARN)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(t.subscriptions, func(s subscription) bool { return s.address == address })
	if at < 0 {
		at = len(t.subscriptions)
		t.subscriptions = append(t.subscriptions, subscription{topicARN + ":" + s.identity.UUID(), address})
	}
	return t.subscriptions[at].arn, nil
}

// Mails tells the delivered mails, oldest first.
func (s *Service) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// topic finds a topic. The caller holds the lock.
func (s *Service) topic(arn string) (*topic, error) {
	if parts := strings.Split(arn, ":"); len(parts) != 6 || parts[0] != "arn" || parts[2] != "sns" {
		return nil, invalid("TopicArn")
	}
	t, ok := s.topics[arn]
	if !ok {
		return nil, &wire.Error{Status: http.StatusNotFound, Type: "NotFound", Message: "Topic does not exist"}
	}
	return t, nil
}

func invalid(parameter string) *wire.Error {
	return &wire.Error{Type: "InvalidParameter", Message: "Invalid parameter: " + parameter}
}
