//! A node for the kill tests: `node DATABASE`.

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    ordain_testkit::faults::node::serve(&args);
}
