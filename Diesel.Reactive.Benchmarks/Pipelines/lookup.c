/* A server of requests and replies, in plain C: one thread, epoll, level-triggered. Each line `get NNNNNN` is looked up in a
 * hash table and answered with a line of 64 bytes of its own. A client that does not read is not read either. Says where it listens
 * and ends when its standard input closes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 64 * 1024, LONGEST_REPLY = 128, EVENTS = 16, KEYS = 100000, BUCKETS = 1 << 17 };

struct entry {
    struct entry *next;
    char key[16];
    char value[64];
};

struct client {
    int socket;
    size_t unread, unsent; /* bytes at the front of each buffer */
    char input[ROOM], output[ROOM * LONGEST_REPLY / 8];
};

static struct entry *buckets[BUCKETS];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static uint32_t hash(const char *key, size_t length)
{
    uint32_t value = 2166136261u;
    for (size_t i = 0; i < length; i++)
        value = (value ^ (unsigned char)key[i]) * 16777619u;
    return value & (BUCKETS - 1);
}

static void fill(void)
{
    for (int i = 0; i < KEYS; i++) {
        struct entry *entry = malloc(sizeof *entry);
        if (entry == NULL)
            fail("malloc");
        size_t length = snprintf(entry->key, sizeof entry->key, "%06d", i);
        snprintf(entry->value, sizeof entry->value, "%06d %051d", i, 0);
        struct entry **bucket = &buckets[hash(entry->key, length)];
        entry->next = *bucket;
        *bucket = entry;
    }
}

static const struct entry *find(const char *key, size_t length)
{
    const struct entry *entry = buckets[hash(key, length)];
    while (entry != NULL && (strlen(entry->key) != length || memcmp(entry->key, key, length) != 0))
        entry = entry->next;
    return entry;
}

static size_t answer(const char *line, size_t length, char *reply)
{
    if (length < 4 || memcmp(line, "get ", 4) != 0)
        return snprintf(reply, LONGEST_REPLY, "bad request\r\n");
    const struct entry *entry = find(line + 4, length - 4);
    return entry == NULL ? snprintf(reply, LONGEST_REPLY, "none\r\n") : snprintf(reply, LONGEST_REPLY, "val %s\r\n", entry->value);
}

static void answer_all(struct client *client)
{
    char *line = client->input, *end = client->input + client->unread, *newline;
    while (client->unsent + LONGEST_REPLY <= sizeof client->output && (newline = memchr(line, '\n', end - line)) != NULL) {
        size_t length = newline - line;
        if (length > 0 && line[length - 1] == '\r')
            length--;
        client->unsent += answer(line, length, client->output + client->unsent);
        line = newline + 1;
    }
    client->unread = end - line;
    memmove(client->input, line, client->unread);
}

static int serve(int epoll, struct client *client, unsigned ready)
{
    if (ready & EPOLLIN) {
        if (client->unread == ROOM)
            return 0;
        ssize_t received = recv(client->socket, client->input + client->unread, ROOM - client->unread, MSG_DONTWAIT);
        if (received <= 0)
            return received < 0 && errno == EAGAIN;
        client->unread += received;
    }
    answer_all(client);
    ssize_t sent = client->unsent == 0 ? 0 : send(client->socket, client->output, client->unsent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN)
        return 0;
    if (sent > 0) {
        client->unsent -= sent;
        memmove(client->output, client->output + sent, client->unsent);
    }
    struct epoll_event event = { .events = client->unsent > 0 ? EPOLLOUT : EPOLLIN, .data = { .ptr = client } };
    if ((client->unsent > 0) != ((ready & EPOLLOUT) != 0) && epoll_ctl(epoll, EPOLL_CTL_MOD, client->socket, &event) < 0)
        fail("epoll_ctl");
    return 1;
}

static void watch(int epoll, int socket, void *data)
{
    struct epoll_event event = { .events = EPOLLIN, .data = { .ptr = data } };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) < 0 && errno != EPERM)
        fail("epoll_ctl");
}

static void admit(int epoll, int listener)
{
    int on = 1, socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0)
        return;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL)
        fail("calloc");
    client->socket = socket;
    watch(epoll, socket, client);
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t length = sizeof address;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epoll = epoll_create1(0);
    address.sin_port = htons(count > 1 ? atoi(arguments[1]) : 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 16) < 0)
        fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    fill();
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);

    static int is_listener, is_stdin;
    watch(epoll, listener, &is_listener);
    watch(epoll, STDIN_FILENO, &is_stdin);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            void *data = events[i].data.ptr;
            char rest[64];
            if (data == &is_listener)
                admit(epoll, listener);
            else if (data == &is_stdin) {
                if (read(STDIN_FILENO, rest, sizeof rest) <= 0)
                    return 0;
            } else if (!serve(epoll, data, events[i].events)) {
                close(((struct client *)data)->socket);
                free(data);
            }
        }
    }
}
